"""The onset net over a video of any length, in constant memory."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from syncfusion.constants import IMAGENET_MEAN, IMAGENET_STD

FrameBatch = UInt8[Tensor, "_ height width 3"]  # batches of one video differ in length


@dataclass(frozen=True, kw_only=True)
class Scanning:
    """How a video is cut into windows for the net.

    Args:
        window_frames: length of a window.
        overlap_frames: frames that two neighbouring windows share, less than a window.
        bfloat16: whether the net computes in bfloat16: several times faster where the processor
            has instructions for it (see ``device.bfloat16_is_fast``). False leaves precision to the
            caller.

    Raises:
        ValueError: if the windows do not advance.
    """

    window_frames: int = 48
    overlap_frames: int = 16
    bfloat16: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.overlap_frames < self.window_frames:
            raise ValueError(
                f"windows of {self.window_frames} frames cannot overlap by {self.overlap_frames}"
            )


def normalised(
    frames: UInt8[Tensor, "batch frame height width 3"],
) -> Float[Tensor, "batch 3 frame height width"]:
    """Return RGB bytes as the net wants them: ImageNet statistics, channels first in name.

    The memory order stays channels-last, which convolutions on CPUs prefer.
    """
    mean = torch.tensor(IMAGENET_MEAN, device=frames.device) * 255
    std = torch.tensor(IMAGENET_STD, device=frames.device) * 255
    return ((frames - mean) / std).permute(0, 4, 1, 2, 3)


@torch.inference_mode()
def onset_probabilities(
    net: Callable[[Tensor], Tensor],
    frame_batches: Iterable[FrameBatch],
    *,
    scanning: Scanning | None = None,
    device: torch.device | str = "cpu",
) -> Float[Tensor, " frame"]:
    """Return the probability of an onset for every frame of a video.

    Args:
        net: normalised frames (batch, 3, frame, height, width) -> logits (batch, frame).
        frame_batches: the video's frames in order, any number at a time.
        scanning: window, overlap and precision.
        device: where the net is.

    Returns:
        Probabilities on the CPU. Where windows overlap they are averaged, the nearer to the
        middle of its window a frame lies the more it counts; no frames give no probabilities.
    """
    scanning = scanning or Scanning()
    total, weight = torch.zeros(0), torch.zeros(0)
    for start, window in _windows(frame_batches, scanning):
        with _precision(scanning, torch.device(device)):
            logits = net(normalised(window.to(device)[None]))[0]
        share = _tent(len(window))
        grown = (0, max(start + len(window) - len(total), 0))
        total, weight = (torch.nn.functional.pad(kept, grown) for kept in (total, weight))
        total[start : start + len(window)] += share * logits.float().sigmoid().cpu()
        weight[start : start + len(window)] += share
    return total / weight


def _precision(scanning: Scanning, device: torch.device) -> AbstractContextManager:
    return torch.autocast(device.type, torch.bfloat16) if scanning.bfloat16 else nullcontext()


def _tent(n_frames: int) -> Float[Tensor, " frame"]:
    """Return weights that fall linearly from the middle to the ends, never to 0."""
    ramp = torch.arange(1, n_frames + 1)
    return torch.minimum(ramp, ramp.flip(0)).float()


def _windows(
    frame_batches: Iterable[FrameBatch], scanning: Scanning
) -> Iterator[tuple[int, FrameBatch]]:
    """Yield (first frame, window); the last one ends with the video, shorter only if alone."""
    length, hop = scanning.window_frames, scanning.window_frames - scanning.overlap_frames
    kept, before, start = None, None, 0
    for batch in frame_batches:
        kept = batch if kept is None else torch.cat([kept, batch])
        while len(kept) >= length:
            yield start, kept[:length]
            before, kept, start = kept[:hop], kept[hop:], start + hop
    if kept is None or (before is not None and len(kept) <= scanning.overlap_frames):
        return
    if before is not None:
        kept, start = torch.cat([before, kept]), start - hop
    rest = kept[-length:]
    yield start + len(kept) - len(rest), rest

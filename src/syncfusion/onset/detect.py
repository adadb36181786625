"""The onset net over a video of any length, in constant memory."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from syncfusion.constants import IMAGENET_MEAN, IMAGENET_STD
from syncfusion.device import bfloat16_is_fast
from syncfusion.onset.folding import folded
from syncfusion.onset.net import VideoOnsetNet
from syncfusion.onset.stream import LEAST_FRAMES, OnsetStream

FrameBatch = UInt8[Tensor, "_ height width 3"]  # batches of one video differ in length


@dataclass(frozen=True, kw_only=True)
class Scanning:
    """How a video is passed through the net.

    Args:
        window_frames: None to pass it through as a whole, every frame computed once. A number to
            cut it into windows that know nothing of each other: the published detector saw 30.
        overlap_frames: frames that two neighbouring windows share, less than a window.
        chunk_frames: frames computed together, in windows or not; more take more memory and keep a
            GPU busier. For frames of 112 by 112 pixels a processor is best off with 16 to 48.
        bfloat16: whether a ``VideoOnsetNet`` computes in bfloat16: several times faster where the
            hardware has instructions for it (see ``device.bfloat16_is_fast``).
        compile: whether ``torch.compile`` fuses the layers: minutes before the first video, so for
            many or long ones on a GPU.

    Raises:
        ValueError: if the windows do not advance, or the chunks are shorter than the net looks
            ahead.
    """

    window_frames: int | None = None
    overlap_frames: int = 0
    chunk_frames: int = 32
    bfloat16: bool = False
    compile: bool = False

    def __post_init__(self) -> None:
        if self.window_frames is not None and not 0 <= self.overlap_frames < self.window_frames:
            raise ValueError(
                f"windows of {self.window_frames} frames cannot overlap by {self.overlap_frames}"
            )
        if self.chunk_frames < LEAST_FRAMES:
            raise ValueError(
                f"chunks of {self.chunk_frames} frames are too short; take {LEAST_FRAMES} or more"
            )

    @classmethod
    def fast_on(cls, device: torch.device) -> "Scanning":
        """Return how a whole video is passed through soonest on a device."""
        chunk_frames = 128 if device.type == "cuda" else cls.chunk_frames
        return cls(chunk_frames=chunk_frames, bfloat16=bfloat16_is_fast(device))


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
        net: normalised frames (batch, 3, frame, height, width) -> logits (batch, frame). Any
            function for windows; a ``VideoOnsetNet`` if there are none.
        frame_batches: the video's frames in order, any number at a time.
        scanning: windows, if any, and precision.
        device: where the net is.

    Returns:
        Probabilities on the CPU; no frames give none. Where windows overlap they are averaged, the
        nearer to the middle of its window a frame lies the more it counts.

    Raises:
        TypeError: if there are no windows and the net is no ``VideoOnsetNet``.
    """
    scanning = scanning or Scanning()
    if isinstance(net, VideoOnsetNet):
        net = folded(net, torch.bfloat16 if scanning.bfloat16 else None)
    if scanning.window_frames is not None:
        run = torch.compile(net) if scanning.compile else net
        return _windowed(run, _windows(frame_batches, scanning), scanning, device)
    if not isinstance(net, VideoOnsetNet):
        raise TypeError(f"{net} has no layers to pass a video through; set window_frames")
    stream = OnsetStream(net, compiled=scanning.compile)
    logits = [
        stream.feed(normalised(chunk.to(device)[None]), last=last)[0]
        for chunk, last in _chunks(frame_batches, scanning.chunk_frames)
    ]
    return torch.cat(logits).float().sigmoid().cpu() if logits else torch.zeros(0)


def _chunks(frame_batches: Iterable[FrameBatch], length: int) -> Iterator[tuple[FrameBatch, bool]]:
    """Yield (frames, whether they are the last): all of one length but the last."""
    kept: FrameBatch | None = None
    for batch in frame_batches:
        kept = batch if kept is None else torch.cat([kept, batch])
        while len(kept) > length:
            yield kept[:length], False
            kept = kept[length:]
    if kept is not None:
        yield kept, True


def _windowed(
    net: Callable[[Tensor], Tensor],
    windows: Iterator[tuple[int, FrameBatch]],
    scanning: Scanning,
    device: torch.device | str,
) -> Float[Tensor, " frame"]:
    total, weight = torch.zeros(0), torch.zeros(0)
    together = max(1, scanning.chunk_frames // (scanning.window_frames or 1))
    while group := list(islice(windows, together)):
        frames = torch.stack([window for _, window in group])
        probabilities = net(normalised(frames.to(device))).float().sigmoid().cpu()
        share = _tent(frames.shape[1])
        for (start, _), found in zip(group, probabilities, strict=True):
            stop = start + len(found)
            grown = (0, max(stop - len(total), 0))
            total, weight = (torch.nn.functional.pad(kept, grown) for kept in (total, weight))
            total[start:stop] += share * found
            weight[start:stop] += share
    return total / weight


def _tent(n_frames: int) -> Float[Tensor, " frame"]:
    """Return weights that fall linearly from the middle to the ends, never to 0."""
    ramp = torch.arange(1, n_frames + 1)
    return torch.minimum(ramp, ramp.flip(0)).float()


def _windows(
    frame_batches: Iterable[FrameBatch], scanning: Scanning
) -> Iterator[tuple[int, FrameBatch]]:
    """Yield (first frame, window); the last one ends with the video, shorter only if alone."""
    length = scanning.window_frames or 1
    hop = length - scanning.overlap_frames
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

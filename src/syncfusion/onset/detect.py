"""Onset probabilities for a video of any length, in constant memory."""

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

FrameBatch = UInt8[Tensor, "_ height width 3"]  # the last batch of a video may be shorter


@dataclass(frozen=True, kw_only=True)
class SlidingWindow:
    """How the net is applied to a video of any length.

    Args:
        window_frames: length of independent windows; the published detector used 30. None to
            process the video as a whole, every frame once.
        overlap_frames: frames that two neighbouring windows share, less than a window.
        chunk_frames: frames computed together, with or without windows. Larger chunks take more
            memory and use a GPU better; for frames of 112×112 pixels 16 to 48 suit a CPU.
        bfloat16: whether a ``VideoOnsetNet`` computes in bfloat16, which is several times faster
            where the hardware has instructions for it (see ``device.bfloat16_is_fast``).
        compile: whether ``torch.compile`` fuses the layers. Compiling takes minutes, so it pays
            for many or long videos on a GPU.

    Raises:
        ValueError: if the windows do not advance, or a chunk is shorter than the net's lookahead.
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
                f"chunks of {self.chunk_frames} frames are too short; give {LEAST_FRAMES} or more"
            )

    @classmethod
    def fast_on(cls, device: torch.device) -> "SlidingWindow":
        """Return the fastest settings for whole videos on a device."""
        chunk_frames = 128 if device.type == "cuda" else cls.chunk_frames
        return cls(chunk_frames=chunk_frames, bfloat16=bfloat16_is_fast(device))


def normalised(
    frames: UInt8[Tensor, "batch frame height width 3"],
) -> Float[Tensor, "batch 3 frame height width"]:
    """Return RGB bytes as the net's input: ImageNet statistics, channels first in shape.

    The memory format stays channels-last, in which convolutions on CPUs are faster.
    """
    mean = torch.tensor(IMAGENET_MEAN, device=frames.device) * 255
    std = torch.tensor(IMAGENET_STD, device=frames.device) * 255
    return ((frames - mean) / std).permute(0, 4, 1, 2, 3)


@torch.inference_mode()
def onset_probabilities(
    net: Callable[[Tensor], Tensor],
    frame_batches: Iterable[FrameBatch],
    *,
    sliding_window: SlidingWindow | None = None,
    device: torch.device | str = "cpu",
) -> Float[Tensor, " frame"]:
    """Return the probability of an onset for every frame of a video.

    Args:
        net: normalised frames (batch, 3, frame, height, width) -> logits (batch, frame). Any
            function if there are windows, else a ``VideoOnsetNet``.
        frame_batches: the video's frames in order, in batches of any length.
        sliding_window: windows, if any, and precision; None for the defaults.
        device: where the net is.

    Returns:
        Probabilities on the CPU, one per frame. Overlapping windows are averaged, weighted by how
        near a frame is to the middle of its window.

    Raises:
        TypeError: if there are no windows and the net is not a ``VideoOnsetNet``.
    """
    sliding_window = sliding_window or SlidingWindow()
    if isinstance(net, VideoOnsetNet):
        net = folded(net, torch.bfloat16 if sliding_window.bfloat16 else None)
    if sliding_window.window_frames is not None:
        run = torch.compile(net) if sliding_window.compile else net
        return _windowed(run, _windows(frame_batches, sliding_window), sliding_window, device)
    if not isinstance(net, VideoOnsetNet):
        raise TypeError(f"{net} is not a VideoOnsetNet, so it needs windows; set window_frames")
    stream = OnsetStream(net, compiled=sliding_window.compile)
    logits = [
        stream.feed(normalised(chunk.to(device)[None]), last=last)[0]
        for chunk, last in _chunks(frame_batches, sliding_window.chunk_frames)
    ]
    return torch.cat(logits).float().sigmoid().cpu() if logits else torch.zeros(0)


def _chunks(frame_batches: Iterable[FrameBatch], length: int) -> Iterator[tuple[FrameBatch, bool]]:
    """Yield (frames, is_last); every chunk but the last has the given length."""
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
    sliding_window: SlidingWindow,
    device: torch.device | str,
) -> Float[Tensor, " frame"]:
    total, weight = torch.zeros(0), torch.zeros(0)
    together = max(1, sliding_window.chunk_frames // (sliding_window.window_frames or 1))
    while group := list(islice(windows, together)):
        frames = torch.stack([window for _, window in group])
        probabilities = net(normalised(frames.to(device))).float().sigmoid().cpu()
        tent = _tent(frames.shape[1])
        for (start, _), estimate in zip(group, probabilities, strict=True):
            stop = start + len(estimate)
            grown = (0, max(stop - len(total), 0))
            total, weight = (torch.nn.functional.pad(kept, grown) for kept in (total, weight))
            total[start:stop] += tent * estimate
            weight[start:stop] += tent
    return total / weight


def _tent(n_frames: int) -> Float[Tensor, " frame"]:
    """Return weights that fall linearly from the middle to the ends, never to 0."""
    ramp = torch.arange(1, n_frames + 1)
    return torch.minimum(ramp, ramp.flip(0)).float()


def _windows(
    frame_batches: Iterable[FrameBatch], sliding_window: SlidingWindow
) -> Iterator[tuple[int, FrameBatch]]:
    """Yield (first frame, window); only a single window may be shorter than the others.

    The last window ends with the video.
    """
    length = sliding_window.window_frames or 1
    hop = length - sliding_window.overlap_frames
    kept, before, start = None, None, 0
    for batch in frame_batches:
        kept = batch if kept is None else torch.cat([kept, batch])
        while len(kept) >= length:
            yield start, kept[:length]
            before, kept, start = kept[:hop], kept[hop:], start + hop
    if kept is None or (before is not None and len(kept) <= sliding_window.overlap_frames):
        return
    if before is not None:
        kept, start = torch.cat([before, kept]), start - hop
    rest = kept[-length:]
    yield start + len(kept) - len(rest), rest

"""Reading a video's pictures at a constant rate."""

from collections.abc import Iterator
from pathlib import Path

import torch
from jaxtyping import UInt8
from torch import Tensor

from syncfusion.media.isolation import answers
from syncfusion.media.pictures import frame_batches
from syncfusion.media.probing import probe
from syncfusion.media.video_info import VideoInfo

FrameBatch = UInt8[Tensor, "frame height width 3"]


def read_frames(
    video: VideoInfo | str | Path, *, fps: float, width: int, height: int, batch: int = 64
) -> Iterator[FrameBatch]:
    """Read a video once from beginning to end, at a constant rate, in constant memory.

    Args:
        video: result of ``probe``, or the file.
        fps: frames per second of the result, see ``schedule``.
        width: pixels of the frames; the displayed (rotated) picture is scaled to it.
        height: likewise.
        batch: frames per tensor; the last one may hold fewer.

    Returns:
        Tensors of RGB frames, ``frame_count(duration, fps)`` frames in all. Damaged pictures are
        left out: the previous one stays on screen.

    Raises:
        InputError: if the file is missing, no video, or without a picture that can be decoded.
    """
    if fps <= 0 or min(width, height, batch) < 1:
        raise ValueError(f"no frames of {width}x{height} at {fps} fps in batches of {batch}")
    info = probe(video)
    batches = answers(info.path, frame_batches, info, fps, (width, height), batch)
    return (torch.from_numpy(frames) for (frames,) in batches)

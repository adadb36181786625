"""Reading a video's pictures at a constant rate."""

import math
from collections.abc import Iterable, Iterator
from pathlib import Path

import av
import numpy as np
import torch
from jaxtyping import UInt8
from torch import Tensor

from syncfusion.media.container import decoded, open_container
from syncfusion.media.probing import VideoInfo, probe
from syncfusion.media.scaling import Scaler
from syncfusion.timing import frame_count

FrameBatch = UInt8[Tensor, "frame height width 3"]
TimedPicture = tuple[av.VideoFrame, float]  # as decoded, and the second at which it appears

CLOCK_TOLERANCE = 1e-3  # seconds; Matroska rounds its times to milliseconds
EARLY = 0.25  # of the source's period; benchmarks/frame_sampling.py compares other values


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
    return _batches(probe(video), fps, (width, height), batch)


def _batches(
    video: VideoInfo, fps: float, size: tuple[int, int], batch: int
) -> Iterator[FrameBatch]:
    frames: list[np.ndarray] = []
    scaler, n_frames = Scaler(size), frame_count(video.duration, fps)
    for picture, n_repeats in schedule(read_pictures(video), fps, n_frames, 1 / video.fps):
        pixels = scaler(picture)
        for _ in range(n_repeats):
            frames.append(pixels)
            if len(frames) == batch:
                yield torch.from_numpy(np.stack(frames))
                frames.clear()
    if frames:
        yield torch.from_numpy(np.stack(frames))


def schedule(
    pictures: Iterable[TimedPicture], fps: float, n_frames: int, period: float
) -> Iterator[tuple[av.VideoFrame, int]]:
    """Yield each picture that is sampled, and the number of frames it gives.

    Frame k is the last picture that begins by ``k / fps``. A picture counts as begun a quarter of
    its distance from the previous one early, and at most ``EARLY`` of the period: cameras are some
    milliseconds late at random, which would otherwise decide between two pictures wherever a
    frame's time falls on a picture's beginning.

    Args:
        pictures: in display order.
        fps: frames per second.
        n_frames: number of frames in all.
        period: average distance of the pictures in seconds.
    """
    shown, last, n_done = None, -math.inf, 0
    for picture, time in pictures:
        early = max(EARLY * min(period, time - last), CLOCK_TOLERANCE)
        last = time
        n_before = min(n_frames, math.ceil((time - early) * fps))
        if shown and n_before > n_done:
            yield shown, n_before - n_done
            n_done = n_before
        if n_done == n_frames:
            return
        shown = picture
    if shown:
        yield shown, n_frames - n_done


def read_pictures(video: VideoInfo) -> Iterator[TimedPicture]:
    """Decode a video's pictures, in display order, with the seconds at which they appear."""
    with open_container(video.path) as container:
        clock = video.clock(container)
        clock.stream.thread_type = "AUTO"
        yield from timed(decoded(container, clock), video)


def timed(
    frames: Iterable[av.VideoFrame | av.AudioFrame], video: VideoInfo
) -> Iterator[TimedPicture]:
    """Yield the pictures among decoded frames and the seconds at which they appear.

    Only a packet that holds two pictures gives one without a time; it follows the one before.
    """
    time = -1 / video.fps
    for frame in frames:
        if isinstance(frame, av.VideoFrame):
            time = time + 1 / video.fps if frame.time is None else frame.time
            yield frame, time

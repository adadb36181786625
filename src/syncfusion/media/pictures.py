"""Decoding a video's pictures and sampling them at a constant rate.

The generators of this module run in the process that decodes (``isolation.py``).
"""

import math
from collections.abc import Iterable, Iterator

import av
import numpy as np
from jaxtyping import UInt8

from syncfusion.media.container import decoded, open_container
from syncfusion.media.scaling import Scaler
from syncfusion.media.video_info import VideoInfo
from syncfusion.timing import frame_count

Batch = UInt8[np.ndarray, "frame height width 3"]
Picture = UInt8[np.ndarray, "height width 3"]
TimedPicture = tuple[av.VideoFrame, float]  # as decoded, and the second at which it appears

CLOCK_TOLERANCE = 1e-3  # seconds; Matroska rounds its times to milliseconds
EARLY = 0.25  # of the source's period; benchmarks/frame_sampling.py compares other values


def frame_batches(
    video: VideoInfo, fps: float, size: tuple[int, int], batch: int
) -> Iterator[tuple[Batch]]:
    """Yield the frames of ``video.read_frames``.

    Args:
        video: from ``probe``.
        fps: frames per second.
        size: width and height of the frames.
        batch: frames of each item, the last one may hold fewer.

    Yields:
        Batches of frames.
    """
    sampled = batches(read_pictures(video), video, fps, size, batch)
    yield from ((frames,) for frames in sampled)


def batches(
    pictures: Iterable[TimedPicture],
    video: VideoInfo,
    fps: float,
    size: tuple[int, int],
    batch: int,
) -> Iterator[Batch]:
    """Yield the frames that a video's decoded pictures give; see ``frame_batches``."""
    frames: list[np.ndarray] = []
    scaler, n_frames = Scaler(size), frame_count(video.duration, fps)
    for picture, n_repeats in schedule(pictures, fps, n_frames, 1 / video.fps):
        pixels = scaler(picture)
        for _ in range(n_repeats):
            frames.append(pixels)
            if len(frames) == batch:
                yield np.stack(frames)
                frames.clear()
    if frames:
        yield np.stack(frames)


def key_frames(
    video: VideoInfo, size: tuple[int, int], count: int, interval: float
) -> Iterator[tuple[Picture]]:
    """Yield the last key frame by each time; what lies between two of them is not decoded.

    Args:
        video: from ``probe``.
        size: width and height of the results.
        count: how many to yield, at most.
        interval: seconds from one time to the next.

    Yields:
        Pictures.
    """
    scaler, number = Scaler(size), 0
    last: Picture | None = None
    with open_container(video.path) as container:
        clock = video.clock(container)
        clock.stream.codec_context.skip_frame = "NONKEY"
        for frame in decoded(container, clock):
            if not isinstance(frame, av.VideoFrame):
                continue
            time = float((frame.pts or 0) * (frame.time_base or 0))
            while last is not None and number < count and number * interval < time:
                yield (last,)
                number += 1
            if time >= (number - 1) * interval:
                last = scaler(frame)
    if last is not None:
        yield from [(last,)] * (count - number)


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

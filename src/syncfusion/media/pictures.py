"""Decoding a video's pictures and sampling them at a constant rate.

The generators of this module run in the process that decodes (``isolation.py``).
"""

from collections.abc import Iterable, Iterator

import av
import numpy as np
from jaxtyping import UInt8

from syncfusion.media.container import decoded, open_container
from syncfusion.media.sampling import schedule
from syncfusion.media.scaling import Scaler
from syncfusion.media.skipping import MaybeTimed, Skipping
from syncfusion.media.video_info import VideoInfo
from syncfusion.timing import frame_count

Batch = UInt8[np.ndarray, "frame height width 3"]
Picture = UInt8[np.ndarray, "height width 3"]
TimedPicture = tuple[av.VideoFrame, float]  # as decoded, and the second at which it appears


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
    skipping = Skipping(video, fps)
    pictures = skipping.completed(read_pictures(video, skipping))
    yield from ((np.stack(frames),) for frames in sampled(pictures, video, fps, size, batch))


def sampled(
    pictures: Iterable[MaybeTimed],
    video: VideoInfo,
    fps: float,
    size: tuple[int, int],
    batch: int,
) -> Iterator[list[Picture]]:
    """Yield the frames that a video's pictures give, some at once; see ``frame_batches``."""
    frames: list[Picture] = []
    scaler, n_frames = Scaler(size), frame_count(video.duration, fps)
    for picture, n_repeats in schedule(pictures, fps, n_frames, 1 / video.fps):
        pixels = scaler(picture)
        for _ in range(n_repeats):
            frames.append(pixels)
            if len(frames) == batch:
                yield frames
                frames = []
    if frames:
        yield frames


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


def read_pictures(video: VideoInfo, skipping: Skipping | None = None) -> Iterator[TimedPicture]:
    """Decode a video's pictures, in display order, with the seconds at which they appear.

    Args:
        video: from ``probe``.
        skipping: which of them need not be decoded; None for all of them.

    Yields:
        Pictures and times.
    """
    with open_container(video.path) as container:
        clock = video.clock(container)
        clock.stream.thread_type = "AUTO"
        before = skipping.before if skipping else None
        yield from timed(decoded(container, clock, before=before), video)


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

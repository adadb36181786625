"""Playing a video once, from beginning to end: frames and sound out of one decoding pass."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import av
import numpy as np
import torch
from jaxtyping import UInt8

from syncfusion.media.audio import Placement, Samples, Waveform
from syncfusion.media.container import (
    decoded,
    find_audio_stream,
    open_container,
    start_time,
    video_stream,
)
from syncfusion.media.video import Scaler, VideoInfo, schedule, timed
from syncfusion.timing import frame_count

Show = Callable[[UInt8[np.ndarray, "height width 3"]], object]


class Heard(NamedTuple):
    """The sound of a video: the mean of its channels at its own rate, and how many they are."""

    mono: Waveform
    n_channels: int


def play(video: VideoInfo, *, fps: float, width: int, height: int, show: Show) -> Heard | None:
    """Decode a video once, in one thread: many videos are played side by side, one a core.

    Args:
        video: the file, looked through by ``probe``.
        fps: frames per second to show, at the times that ``media.video.read_frames`` has them.
        width: pixels of the frames; the shown (turned) picture is scaled to it.
        height: likewise.
        show: is given the RGB frames in order, ``frame_count(video.duration, fps)`` of them.

    Returns:
        The sound, from the video's time 0 on; None where there is none that can be decoded.

    Raises:
        InputError: if the file cannot be read any more.
    """
    with open_container(video.path) as container:
        pictures, sound = video_stream(container), find_audio_stream(container)
        pictures.thread_type = "NONE"
        frames = decoded(container, *filter(None, (pictures, sound)))
        ear = _Ear(start_time(pictures), sound)
        seen, scaler = timed(ear.passing(frames), pictures), Scaler((width, height))
        for picture, n_repeats in schedule(seen, fps, frame_count(video.duration, fps)):
            pixels = scaler(picture)
            for _ in range(n_repeats):
                show(pixels)
        deque(seen, maxlen=0)  # the sound after the last frame
        return ear.heard()


class _Ear:
    """Keeps the sound that lies between a video's pictures, mixed to one channel."""

    def __init__(self, origin: float, stream: av.AudioStream | None) -> None:
        self._stream = stream
        self._placed = Placement(origin, stream.rate if stream else 0)
        self._blocks: list[Samples] = []

    def passing(self, frames: Iterable[av.VideoFrame | av.AudioFrame]) -> Iterator[av.VideoFrame]:
        """Yield the pictures alone."""
        for frame in frames:
            if isinstance(frame, av.VideoFrame):
                yield frame
            else:
                self._blocks.append(self._placed(frame).mean(axis=0, keepdims=True))

    def heard(self) -> Heard | None:
        """Return all sound so far."""
        if self._stream is None or not any(block.size for block in self._blocks):
            return None
        samples = torch.from_numpy(np.concatenate(self._blocks, axis=1))
        return Heard(Waveform(samples, self._stream.rate), self._stream.channels)

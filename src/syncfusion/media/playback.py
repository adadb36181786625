"""Frames and sound of a video from one decoding pass."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import av
import numpy as np
import torch
from jaxtyping import UInt8

from syncfusion.media.audio import Placement, Samples, Waveform
from syncfusion.media.clock import Clock
from syncfusion.media.container import decoded, find_audio_stream, open_container
from syncfusion.media.probing import VideoInfo
from syncfusion.media.scaling import Scaler
from syncfusion.media.video import schedule, timed
from syncfusion.timing import frame_count

OnFrame = Callable[[UInt8[np.ndarray, "height width 3"]], object]


class Soundtrack(NamedTuple):
    """A video's sound: the mean of its channels at its own sample rate, and their number."""

    mono: Waveform
    n_channels: int


def play(
    video: VideoInfo, *, fps: float, width: int, height: int, on_frame: OnFrame
) -> Soundtrack | None:
    """Decode a video once, in one thread; callers process several videos in parallel.

    Args:
        video: the file and its properties, from ``probe``.
        fps: frame rate of the frames, sampled at the same times as by ``media.read_frames``.
        width: pixels of the frames; the displayed (rotated) picture is scaled to it.
        height: likewise.
        on_frame: called with each RGB frame in order, ``frame_count(video.duration, fps)`` times.

    Returns:
        The sound from the video's time 0 on; None if there is none that can be decoded.

    Raises:
        InputError: if the file cannot be read.
    """
    with open_container(video.path) as container:
        clock, sound = video.clock(container), find_audio_stream(container)
        clock.stream.thread_type = "NONE"
        clocks = [clock] if sound is None else [clock, Clock(sound)]
        collector = _SoundCollector(clock.origin_seconds, sound)
        seen = timed(collector.pictures(decoded(container, *clocks)), video)
        scaler, n_frames = Scaler((width, height)), frame_count(video.duration, fps)
        for picture, n_repeats in schedule(seen, fps, n_frames, 1 / video.fps):
            pixels = scaler(picture)
            for _ in range(n_repeats):
                on_frame(pixels)
        deque(seen, maxlen=0)  # collects the sound after the last frame
        return collector.soundtrack()


class _SoundCollector:
    """Collects the decoded sound among a video's pictures, mixed to one channel."""

    def __init__(self, origin: float, stream: av.AudioStream | None) -> None:
        self._stream = stream
        self._placed = Placement(origin, stream.rate if stream else 0)
        self._blocks: list[Samples] = []

    def pictures(self, frames: Iterable[av.VideoFrame | av.AudioFrame]) -> Iterator[av.VideoFrame]:
        """Yield the pictures and collect the sound."""
        for frame in frames:
            if isinstance(frame, av.VideoFrame):
                yield frame
            else:
                self._blocks.append(self._placed(frame).mean(axis=0, keepdims=True))

    def soundtrack(self) -> Soundtrack | None:
        """Return all sound collected so far."""
        if self._stream is None or not any(block.size for block in self._blocks):
            return None
        samples = torch.from_numpy(np.concatenate(self._blocks, axis=1))
        return Soundtrack(Waveform(samples, self._stream.rate), self._stream.channels)

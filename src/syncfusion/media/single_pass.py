"""Pictures and sound of a video from one decoding pass, in the process that decodes."""

from collections.abc import Iterable, Iterator

import av
import numpy as np

from syncfusion.media.clock import Clock
from syncfusion.media.container import decoded, find_audio_stream, open_container
from syncfusion.media.pictures import Picture, schedule, timed
from syncfusion.media.scaling import Scaler
from syncfusion.media.sounds import Placement, Samples
from syncfusion.media.video_info import VideoInfo
from syncfusion.timing import frame_count


def passed_once(
    video: VideoInfo, fps: float, size: tuple[int, int]
) -> Iterator[tuple[str, Picture | Samples | tuple[int, int]]]:
    """Decode a video once, in one thread, for ``playback.play``.

    Args:
        video: from ``probe``.
        fps: frame rate of the frames.
        size: width and height of the frames.

    Yields:
        ("frame", pixels), ``frame_count`` in all; among them ("sound", mean of the
        channels), in blocks that follow each other; at last, where there is a stream of sound,
        ("format", (samples per second, channels)).
    """
    with open_container(video.path) as container:
        clock, sound = video.clock(container), find_audio_stream(container)
        clock.stream.thread_type = "NONE"
        clocks = [clock] if sound is None else [clock, Clock(sound)]
        collector = _SoundCollector(Placement(clock.origin_seconds, sound.rate if sound else 0))
        seen = timed(collector.pictures(decoded(container, *clocks)), video)
        scaler, n_frames = Scaler(size), frame_count(video.duration, fps)
        for picture, n_repeats in schedule(seen, fps, n_frames, 1 / video.fps):
            pixels = scaler(picture)
            yield from [("frame", pixels)] * n_repeats
            yield from collector.taken()
        for _ in seen:  # the sound after the last frame
            yield from collector.taken()
        yield from collector.taken()
        if sound is not None:
            yield "format", (sound.rate, sound.channels)


class _SoundCollector:
    """Takes the decoded sound from among a video's pictures, mixed to one channel."""

    def __init__(self, placed: Placement) -> None:
        self._placed = placed
        self._blocks: list[Samples] = []

    def pictures(self, frames: Iterable[av.VideoFrame | av.AudioFrame]) -> Iterator[av.VideoFrame]:
        """Yield the pictures and collect the sound."""
        for frame in frames:
            if isinstance(frame, av.VideoFrame):
                yield frame
            else:
                self._blocks.append(self._placed(frame).mean(axis=0, keepdims=True))

    def taken(self) -> Iterator[tuple[str, Samples]]:
        """Yield the sound collected since, at once."""
        if self._blocks:
            yield "sound", np.concatenate(self._blocks, axis=1)
            self._blocks = []

"""Pictures and sound of a video from one decoding pass, in the process that decodes."""

from collections.abc import Iterable, Iterator

import av
import numpy as np

from syncfusion.media.clock import Clock
from syncfusion.media.container import decoded, find_audio_stream, open_container
from syncfusion.media.pictures import Picture, sampled, timed
from syncfusion.media.skipping import Skipping
from syncfusion.media.sounds import LEAST_SENT, Placement, Samples
from syncfusion.media.video_info import VideoInfo

BATCH = 8  # frames that are sent at once


def passed_once(
    video: VideoInfo, fps: float, size: tuple[int, int]
) -> Iterator[tuple[str, *tuple[Picture | Samples | tuple[int, int], ...]]]:
    """Decode a video once, in one thread, for ``playback.play``.

    Args:
        video: from ``probe``.
        fps: frame rate of the frames.
        size: width and height of the frames.

    Yields:
        ("frames", pixels of one, of the next, …), ``frame_count`` frames in all; among them
        ("sound", mean of the channels), in blocks that follow each other; at last, where there is
        a stream of sound, ("format", (samples per second, channels)).
    """
    with open_container(video.path) as container:
        clock, sound = video.clock(container), find_audio_stream(container)
        clock.stream.thread_type = "NONE"
        clocks = [clock] if sound is None else [clock, Clock(sound)]
        collector = _SoundCollector(Placement(clock.origin_seconds, sound.rate if sound else 0))
        skipping = Skipping(video, fps)
        frames = decoded(container, *clocks, before=skipping.before)
        seen = skipping.completed(timed(collector.pictures(frames), video))
        for frames in sampled(seen, video, fps, size, BATCH):
            yield "frames", *frames
            yield from collector.taken(LEAST_SENT)
        for _ in seen:  # the sound after the last frame
            yield from collector.taken(LEAST_SENT)
        yield from collector.taken(1)
        if sound is not None:
            yield "format", (sound.rate, sound.channels)


class _SoundCollector:
    """Takes the decoded sound from among a video's pictures, mixed to one channel."""

    def __init__(self, placed: Placement) -> None:
        self._placed = placed
        self._blocks: list[Samples] = []  # of one number of channels
        self._mixed: list[Samples] = []
        self._n_samples = 0

    def pictures(self, frames: Iterable[av.VideoFrame | av.AudioFrame]) -> Iterator[av.VideoFrame]:
        """Yield the pictures and collect the sound."""
        for frame in frames:
            if isinstance(frame, av.VideoFrame):
                yield frame
            else:
                block = self._placed(frame)
                if self._blocks and len(self._blocks[0]) != len(block):
                    self._mix()
                self._blocks.append(block)
                self._n_samples += block.shape[1]

    def _mix(self) -> None:
        if self._blocks:
            joined = np.concatenate(self._blocks, axis=1)
            self._mixed.append(joined.mean(axis=0, keepdims=True))
            self._blocks = []

    def taken(self, least: int) -> Iterator[tuple[str, Samples]]:
        """Yield the sound collected since, at once, if it has so many samples."""
        if self._n_samples >= least:
            self._mix()
            yield "sound", np.concatenate(self._mixed, axis=1)
            self._mixed, self._n_samples = [], 0

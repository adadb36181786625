"""Decoding sound, in blocks.

The generators of this module run in the process that decodes (``isolation.py``).
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import av
import numpy as np
import soundfile
import soxr
from jaxtyping import Float32

from syncfusion.constants import SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.media.clock import Clock
from syncfusion.media.container import (
    check_file,
    decoded,
    find_audio_stream,
    find_video_stream,
    open_container,
    remark,
    start_seconds,
)
from syncfusion.media.examining import examine
from syncfusion.media.limits import watched
from syncfusion.media.video_info import VideoInfo
from syncfusion.timing import sample_index

Samples = Float32[np.ndarray, "channel time"]
Mono = Float32[np.ndarray, " time"]

MOST_VALUES = 2**29  # of all channels of a sound that is read whole: 93 minutes of stereo
MOST_SILENCE = 2**27  # values that a gap inside a container may become
GAP = 0.02  # seconds; longer gaps inside a container become silence, shorter ones are closed
MOST_SENT = 2**22  # samples of each channel at once
LEAST_SENT = 2**15


def whole_sound(path: str | Path) -> Iterator[tuple[int] | tuple[Samples]]:
    """Yield the sample rate of a sound or video file, then its sound in blocks, at least one."""
    try:
        yield from _sound_file(check_file(path))
    except soundfile.LibsndfileError:
        yield from _container_sound(path)


def _sound_file(path: Path) -> Iterator[tuple[int] | tuple[Samples]]:
    with watched():
        about = soundfile.info(path)
    _check_length(path, about.frames * about.channels)
    with watched():  # at once: seeking between blocks would change what mp3 and ogg give
        samples, sample_rate = soundfile.read(path, dtype="float32", always_2d=True)
    yield (sample_rate,)
    for begin in range(0, max(1, len(samples)), MOST_SENT):
        yield (samples[begin : begin + MOST_SENT].T,)


def _container_sound(path: str | Path) -> Iterator[tuple[int] | tuple[Samples]]:
    with open_container(path) as container:
        is_video = find_video_stream(container) is not None
        if find_audio_stream(container) is None:
            raise InputError(f"{path} has no sound stream; give a file with sound")
    video = examine(Path(path)) if is_video else None
    with open_container(path) as container:
        stream = find_audio_stream(container)
        if stream is None:
            raise InputError(f"{path} has changed since it was read; start again")
        if len(container.streams.audio) > 1:
            remark(f"{path} has {len(container.streams.audio)} sound streams; the first is read")
        start = video.clock(container).origin_seconds if video else start_seconds(stream)
        placed, frames = Placement(start, stream.rate), decoded(container, Clock(stream))
        yield (stream.rate,)

        def blocks() -> Iterator[Samples]:
            for frame in frames:
                if isinstance(frame, av.AudioFrame):
                    block = placed(frame)
                    _check_length(path, placed.n_done * len(block))
                    yield block

        has_sound = False
        for block in joined(blocks()):
            has_sound = True
            yield (block,)
        if not has_sound or stream.rate < 1:
            raise InputError(f"{path} has no sound that can be decoded; convert it to wav")


def mono_sound(video: VideoInfo) -> Iterator[tuple[Mono]]:
    """Yield the mean of a video's channels at 48 kHz from its first picture on."""
    with open_container(video.path) as container:
        stream = find_audio_stream(container)
        if stream is None:
            return
        placed = Placement(video.clock(container).origin_seconds, stream.rate)
        resampled = soxr.ResampleStream(stream.rate, SAMPLE_RATE, 1, dtype="float32")

        def blocks() -> Iterator[Mono]:
            has_sound = False
            for frame in decoded(container, Clock(stream)):
                if isinstance(frame, av.AudioFrame):
                    has_sound = True
                    yield resampled.resample_chunk(placed(frame).mean(axis=0))
            if has_sound:
                yield resampled.resample_chunk(np.zeros(0, np.float32), last=True)

        yield from ((block,) for block in joined(blocks()))


def joined(blocks: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
    """Yield what short blocks hold in longer ones, which cost less to send."""
    held, n_held = [], 0
    for block in blocks:
        held.append(block)
        n_held += block.shape[-1]
        if n_held >= LEAST_SENT:
            yield np.concatenate(held, axis=-1)
            held, n_held = [], 0
    if held:
        yield np.concatenate(held, axis=-1)


def _check_length(path: str | Path, n_values: int) -> None:
    if n_values > MOST_VALUES:
        raise InputError(
            f"{path} holds more sound than is read at once ({MOST_VALUES >> 20} million samples); "
            "cut it into parts"
        )


class Placement:
    """Turns decoded frames of sound, in order, into blocks without gaps on the timeline.

    Args:
        origin: time 0 of the result in seconds of the container's clock.
        sample_rate: Hz.

    Raises:
        InputError: if a gap is so long that the timestamps must be damaged.
    """

    def __init__(self, origin: float, sample_rate: int) -> None:
        self._origin, self._sample_rate = origin, sample_rate
        self.n_done = 0

    def __call__(self, frame: av.AudioFrame) -> Samples:
        """Return the frame's sound, preceded by silence where the container has a gap."""
        block, begin = _floats(frame), self.n_done
        if frame.time is not None:
            begin = sample_index(frame.time - self._origin, self._sample_rate)
        if self.n_done == 0 and begin < 0:
            block = block[:, -begin:]
        elif begin > self.n_done + (GAP * self._sample_rate if self.n_done else 0):
            if (begin - self.n_done) * len(block) > MOST_SILENCE:
                seconds = (begin - self.n_done) / self._sample_rate
                raise InputError(
                    f"the sound has a gap of {seconds:.0f} s by its timestamps, which must be "
                    "damaged; export it again"
                )
            block = np.pad(block, ((0, 0), (begin - self.n_done, 0)))
        self.n_done += block.shape[1]
        return block


def _floats(frame: av.AudioFrame) -> Samples:
    block = frame.to_ndarray()
    if not frame.format.is_planar:
        block = block.reshape(-1, frame.layout.nb_channels).T
    if block.dtype == np.uint8:
        return (block.astype(np.float32) - 128) / 128
    if block.dtype.kind == "f":
        return block.astype(np.float32, copy=False)
    return block.astype(np.float32) / np.float32(2 ** (8 * block.itemsize - 1))

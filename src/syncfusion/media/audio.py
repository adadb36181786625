"""Sound as a value; reading and writing it."""

from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import soundfile
import soxr
import torch
from jaxtyping import Float, Float32
from torch import Tensor

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
from syncfusion.media.probing import probe
from syncfusion.timing import sample_index

Samples = Float32[np.ndarray, "channel time"]

CANCELLED = 0.01  # a mean of 20 dB less energy than its channels is no mix of them
MOST_VALUES = 2**29  # of all channels of a sound that is read whole: 93 minutes of stereo
MOST_SILENCE = 2**27  # values that a gap inside a container may become
GAP = 0.02  # seconds; longer gaps inside a container become silence, shorter ones are closed


@dataclass(frozen=True)
class Waveform:
    """Sound and its sample rate.

    Args:
        samples: (channel, time), at least one channel; full scale is -1 to 1.
        sample_rate: samples per second, per channel.

    Raises:
        ValueError: if the shape or the rate is invalid.
    """

    samples: Float[Tensor, "channel time"]
    sample_rate: int

    def __post_init__(self) -> None:
        if self.samples.ndim != 2 or len(self.samples) == 0:
            raise ValueError(
                f"samples must be (channel, time), not of shape {tuple(self.samples.shape)}"
            )
        if self.sample_rate < 1:
            raise ValueError(f"the sample rate must be 1 Hz or more, not {self.sample_rate}")

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return self.samples.shape[1] / self.sample_rate

    def mono(self) -> "Waveform":
        """Return the mean of the channels; where they cancel each other, the loudest of them."""
        mean = self.samples.mean(0, keepdim=True)
        energies = self.samples.square().sum(1)
        if mean.square().sum() < CANCELLED * energies.mean():
            loudest = int(energies.argmax())
            mean = self.samples[loudest : loudest + 1]
        return Waveform(mean, self.sample_rate)

    def resampled(self, sample_rate: int) -> "Waveform":
        """Return the sound at another sample rate, with the same duration, in float32."""
        samples = self.samples.detach().cpu().float().numpy()
        samples = soxr.resample(samples.T, self.sample_rate, sample_rate).T
        return Waveform(torch.from_numpy(np.ascontiguousarray(samples)), sample_rate)


def read_audio(path: str | Path, *, sample_rate: int | None = None, mono: bool = False) -> Waveform:
    """Read the sound of a sound or video file.

    Args:
        path: wav, flac, ogg, mp3, or any container FFmpeg reads (mp4, mov, mkv, m4a, …). Time 0 of
            a video's sound is its first picture: silence is put before sound that starts later,
            and sound before it is cut.
        sample_rate: Hz to resample to; None for the file's rate.
        mono: whether to average all channels.

    Returns:
        The whole sound, in float32.

    Raises:
        InputError: if the file is missing, unreadable, or without sound.
    """
    try:
        waveform = _read_sound_file(check_file(path))
    except soundfile.LibsndfileError:
        waveform = _read_container(path)
    if waveform.samples.shape[1] == 0:
        raise InputError(f"{path} holds no sound; give a file with sound")
    waveform = waveform.mono() if mono else waveform
    return waveform if sample_rate is None else waveform.resampled(sample_rate)


def _read_sound_file(path: Path) -> Waveform:
    about = soundfile.info(path)
    _check_length(path, about.frames * about.channels)
    samples, sample_rate = soundfile.read(path, dtype="float32", always_2d=True)
    return Waveform(torch.from_numpy(np.ascontiguousarray(samples.T)), sample_rate)


def _read_container(path: str | Path) -> Waveform:
    with open_container(path) as container:
        is_video = find_video_stream(container) is not None
        if find_audio_stream(container) is None:
            raise InputError(f"{path} has no sound stream; give a file with sound")
    video = probe(path) if is_video else None
    with open_container(path) as container:
        stream = find_audio_stream(container)
        if stream is None:
            raise InputError(f"{path} has changed since it was read; start again")
        if len(container.streams.audio) > 1:
            remark(f"{path} has {len(container.streams.audio)} sound streams; the first is read")
        start = video.clock(container).origin_seconds if video else start_seconds(stream)
        placed, frames = Placement(start, stream.rate), decoded(container, Clock(stream))
        blocks = []
        for frame in frames:
            if isinstance(frame, av.AudioFrame):
                blocks.append(placed(frame))
                _check_length(path, placed.n_done * len(blocks[-1]))
    if not blocks or stream.rate < 1:
        raise InputError(f"{path} has no sound that can be decoded; convert it to wav")
    samples = np.concatenate(blocks, axis=1)
    return Waveform(torch.from_numpy(samples), stream.rate)


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
    is_float = frame.format.name.startswith(("flt", "dbl"))
    full_scale = 1 if is_float else 2 ** (8 * block.itemsize - 1)
    return block.astype(np.float32) / np.float32(full_scale)

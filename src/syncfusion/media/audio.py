"""Sound as a value; reading and writing it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr
import torch
from jaxtyping import Float
from torch import Tensor

from syncfusion.errors import InputError
from syncfusion.media.isolation import answers
from syncfusion.media.sounds import whole_sound

CANCELLED = 0.01  # a mean of 20 dB less energy than its channels is no mix of them


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
    waveform = _read_whole(path)
    if waveform.samples.shape[1] == 0:
        raise InputError(f"{path} holds no sound; give a file with sound")
    waveform = waveform.mono() if mono else waveform
    return waveform if sample_rate is None else waveform.resampled(sample_rate)


def _read_whole(path: str | Path) -> Waveform:
    (sample_rate,), *items = answers(path, whole_sound, path)
    blocks = [block for (block,) in items]
    samples = blocks[0] if len(blocks) == 1 else np.concatenate(blocks, axis=1)
    return Waveform(torch.from_numpy(samples), sample_rate)

"""Variations of a hit for training the prompt encoder.

``change_object`` makes another object of the same kind, whose embedding may differ;
``change_recording`` another recording of the same object, whose embedding should stay. All sounds
are 48 kHz mono.
"""

import math

import torch
from jaxtyping import Float
from torch import Generator, Tensor
from torch.nn import functional

from syncfusion.constants import SAMPLE_RATE

PITCH_SEMITONES = 3.0  # up or down
TILT_DB, PEAK_DB = 6.0, 8.0  # of the spectrum, per decade; of one resonance, either sign
MAX_REPEATS, GAP_SECONDS = 4, (0.12, 0.45)
NOISE_DB = (-60.0, -25.0)  # against the peak of the sound
ROOM_SECONDS = (0.08, 0.5)  # time in which the reverberation falls by 60 dB
LEAD_SECONDS = 0.1  # longest silence put before a sound


def uniform(low: float, high: float, generator: Generator) -> float:
    """Draw a number between two bounds."""
    return low + (high - low) * torch.rand((), generator=generator).item()


def change_object(sound: Float[Tensor, " time"], generator: Generator) -> Float[Tensor, " changed"]:
    """Shift the pitch, tilt the spectrum and add one resonance or notch."""
    speed = 2 ** (uniform(-PITCH_SEMITONES, PITCH_SEMITONES, generator) / 12)
    length = max(2, round(len(sound) / speed))
    shifted = functional.interpolate(sound[None, None], length, mode="linear")[0, 0]
    return _equalize(shifted, generator)


def _equalize(sound: Float[Tensor, " time"], generator: Generator) -> Float[Tensor, " time"]:
    size = _fast(len(sound))
    spectrum = torch.fft.rfft(sound, size)
    hertz = torch.linspace(0, SAMPLE_RATE / 2, len(spectrum)).clamp(min=40)
    octaves = (hertz / 1000).log2()
    centre, width = uniform(-3, 4, generator), uniform(0.3, 1.5, generator)
    tilt = uniform(-TILT_DB, TILT_DB, generator) * octaves * math.log10(2)
    peak = uniform(-PEAK_DB, PEAK_DB, generator) * (-((octaves - centre) / width).square()).exp()
    return torch.fft.irfft(spectrum * 10 ** ((tilt + peak) / 20), size)[: len(sound)]


def _fast(length: int) -> int:
    """Return the next power of two; a Fourier transform of a prime length takes long."""
    return 1 << max(length - 1, 1).bit_length()


def change_recording(
    sound: Float[Tensor, " time"], generator: Generator, *, n_samples: int
) -> Float[Tensor, " changed"]:
    """Repeat, cut, place in a room, add noise and silence; at most ``n_samples`` remain.

    The loudness changes too, though the encoder ignores it.
    """
    changed = _repeated(_cut(sound, generator), generator, n_samples)
    if uniform(0, 1, generator) < 0.4:
        changed = _in_room(changed, generator)
    if uniform(0, 1, generator) < 0.6:
        changed = changed + _noise(len(changed), generator) * changed.abs().max()
    lead = round(uniform(0, LEAD_SECONDS, generator) * SAMPLE_RATE)
    gain = 10 ** (uniform(-30, 0, generator) / 20)
    return functional.pad(changed, (lead, 0))[:n_samples] * gain


def _cut(sound: Float[Tensor, " time"], generator: Generator) -> Float[Tensor, " cut"]:
    """In half of the calls, shorten the tail and fade out over its last tenth."""
    if uniform(0, 1, generator) < 0.5:
        return sound
    length = round(uniform(0.15, 1.0, generator) * SAMPLE_RATE)
    cut = sound[:length].clone()
    fade = len(cut) // 10
    cut[len(cut) - fade :] *= torch.linspace(1, 0, fade)
    return cut


def _repeated(
    sound: Float[Tensor, " time"], generator: Generator, n_samples: int
) -> Float[Tensor, " row"]:
    row = torch.zeros(n_samples)
    repeats = 1 + int(uniform(0, MAX_REPEATS, generator) * uniform(0, 1, generator))
    start = 0
    for _ in range(repeats):
        piece = sound[: n_samples - start] * 10 ** (uniform(-6, 0, generator) / 20)
        row[start : start + len(piece)] += piece
        start = min(n_samples - 1, start + round(uniform(*GAP_SECONDS, generator) * SAMPLE_RATE))
    return row


def _in_room(sound: Float[Tensor, " time"], generator: Generator) -> Float[Tensor, " time"]:
    """Add a reverberation of decaying noise, 10 to 25 dB softer in sum."""
    seconds = uniform(*ROOM_SECONDS, generator)
    length = round(seconds * SAMPLE_RATE)
    tail = torch.randn(length, generator=generator) * 10 ** (-3 * torch.linspace(0, 1, length))
    tail *= 10 ** (uniform(-25, -10, generator) / 20) / tail.norm()
    size = _fast(len(sound) + length)
    wet = torch.fft.irfft(torch.fft.rfft(sound, size) * torch.fft.rfft(tail, size), size)
    return sound + wet[: len(sound)]


def _noise(length: int, generator: Generator) -> Float[Tensor, " time"]:
    """Return noise between white and brown, of a level in ``NOISE_DB``."""
    spectrum = torch.fft.rfft(torch.randn(_fast(length), generator=generator))
    bins = torch.arange(len(spectrum)).clamp(min=1)
    noise = torch.fft.irfft(spectrum * bins ** -uniform(0, 1, generator))[:length]
    return noise / noise.std() * 10 ** (uniform(*NOISE_DB, generator) / 20)

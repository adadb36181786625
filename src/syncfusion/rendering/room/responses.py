"""Impulse responses: of two rooms that are made from noise, and of recorded ones.

A made response is the direct sound and noise that decays exponentially, faster at high frequencies
(Moorer, About this reverberation business, 1979). Foley is delivered dry; these are for listening.
"""

from dataclasses import dataclass
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor

from syncfusion.constants import SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.media import read_audio
from syncfusion.timing import sample_index, seeded

DRY = "dry"
LONGEST_SECONDS = 10.0  # of a recorded response; later reflections are left out
EDGES = (0.0, 500.0, 2000.0, 6000.0, SAMPLE_RATE / 2)  # Hz, of bands that decay at their own rate


@dataclass(frozen=True)
class Room:
    """A room by its reverberation.

    Args:
        decay_seconds: time in which the reverberation falls by 60 dB, per band of ``EDGES``.
        delay_seconds: of the first reflection.
        reverberation_db: energy of the reverberation, relative to the direct sound.
    """

    decay_seconds: tuple[float, float, float, float]
    delay_seconds: float
    reverberation_db: float


ROOMS = {
    "small": Room((0.4, 0.35, 0.25, 0.15), 0.003, -9.0),
    "hall": Room((2.2, 1.9, 1.3, 0.7), 0.02, -7.0),
}


def impulse_response(room: str) -> Float[Tensor, " time"] | None:
    """Return the impulse response of a room at 48 kHz.

    Args:
        room: "dry", a name in ``ROOMS``, or the path of a recorded response (wav, flac, …), whose
            loudest sample is taken for the direct sound.

    Returns:
        The response; its first sample is the direct sound and is 1, so that nothing is delayed.
        None for "dry".

    Raises:
        InputError: if it is neither, or the file cannot be read or is silent.
    """
    if room == DRY:
        return None
    return _made(ROOMS[room]) if room in ROOMS else _recorded(room)


def _made(room: Room) -> Float[Tensor, " time"]:
    n_samples = sample_index(max(room.decay_seconds), SAMPLE_RATE)
    noise = torch.randn(n_samples, generator=seeded(0))
    frequencies = torch.fft.rfftfreq(n_samples, 1 / SAMPLE_RATE)
    spectrum = torch.fft.rfft(noise) * (frequencies / EDGES[1]).clamp_min(1).rsqrt()  # pink above
    seconds = torch.arange(n_samples) / SAMPLE_RATE
    tail = torch.zeros(n_samples)
    for low, high, decay in zip(EDGES, EDGES[1:], room.decay_seconds, strict=False):
        band = (frequencies >= low) & (frequencies < high)
        tail += torch.fft.irfft(spectrum * band, n_samples) * 10 ** (-3 * seconds / decay)
    tail *= 10 ** (room.reverberation_db / 20) / tail.square().sum().sqrt()
    delay = sample_index(room.delay_seconds, SAMPLE_RATE)
    return torch.cat([torch.ones(1), torch.zeros(delay - 1), tail])


def _recorded(path: str) -> Float[Tensor, " time"]:
    if not Path(path).is_file():
        rooms = ", ".join((DRY, *ROOMS))
        raise InputError(f"there is no room {path!r}; give {rooms}, or the file of a response")
    samples = read_audio(path, sample_rate=SAMPLE_RATE, mono=True).samples[0]
    direct = int(samples.abs().argmax())
    if samples[direct] == 0:
        raise InputError(f"the impulse response {path} is silent; give a recorded one")
    response = samples[direct : direct + sample_index(LONGEST_SECONDS, SAMPLE_RATE)]
    return response / response[0]

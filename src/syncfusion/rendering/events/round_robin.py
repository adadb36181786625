"""Round robin: a few takes of a sound in turns, each time a little different, as samplers do."""

import hashlib
from typing import NamedTuple

import torch

from syncfusion.constants import SAMPLE_RATE
from syncfusion.media import Waveform
from syncfusion.rendering.events.takes import FULL_SCALE, LONGEST_ATTACK, Take
from syncfusion.timing import seeded

GAIN_DB = 1.5  # largest change of an event's level, either way
PITCH = 0.03  # of its pitch, half a semitone
START = SAMPLE_RATE // 1000  # samples by which it may begin earlier or later, 1 ms


class Jitter(NamedTuple):
    """Small changes of one event: factors of gain and pitch, and samples that it begins later."""

    gain: float
    pitch: float
    start: int


def jitter_of(seed: int) -> Jitter:
    """Draw the changes of an event from its seed, evenly within their bounds."""
    draws = 2 * torch.rand(3, generator=seeded(seed), dtype=torch.float64) - 1
    gain, pitch, start = draws.tolist()
    return Jitter(10 ** (GAIN_DB * gain / 20), 1 + PITCH * pitch, round(START * start))


def jittered(take: Take, jitter: Jitter) -> Take:
    """Return a take with small changes, on the same grid.

    Args:
        take: of a sound.
        jitter: the changes.

    Returns:
        Another take, with a key of its own.
    """
    if not take.samples.numel():
        return take
    rate = round(SAMPLE_RATE * jitter.pitch)
    samples = Waveform(take.samples, rate).resampled(SAMPLE_RATE).samples
    attack = round(take.attack * SAMPLE_RATE / rate) - jitter.start
    samples = (samples * (jitter.gain * FULL_SCALE)).round() / FULL_SCALE
    key = hashlib.sha256(f"{take.key} {tuple(jitter)}".encode()).hexdigest()
    return Take(samples, min(max(attack, 0), LONGEST_ATTACK), key)

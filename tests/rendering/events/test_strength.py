"""Strength: soft hits fall less in their lows than in their highs, as recorded ones do."""

import math

import pytest
import torch

from syncfusion.constants import SAMPLE_RATE
from syncfusion.event_columns import HARDEST, SOFTEST
from syncfusion.rendering.events.laying import Placed, lay
from syncfusion.rendering.events.strength import struck
from syncfusion.rendering.events.takes import FULL_SCALE, SILENCE, make_take
from syncfusion.timing import seeded

NOISE = make_take(torch.randn(1, 48_000, generator=seeded(4)), 240, "a")
MEASURED = {  # Hz: dB a band rises by where a hit is 1 dB louder, 95 %
    (150, 400): (0.25, 0.78),
    (400, 1000): (0.66, 0.88),
    (1000, 2500): (0.89, 1.08),
    (2500, 6000): (0.94, 1.19),
    (6000, 14_000): (0.80, 1.23),
}


def level(samples: torch.Tensor, band: tuple[int, int]) -> float:
    """Power of a band in dB."""
    power = torch.fft.rfft(samples[0].double()).abs().square()
    low, high = (hz * samples.shape[1] // SAMPLE_RATE for hz in band)
    return 10 * math.log10(power[low:high].sum())


@pytest.mark.parametrize("strength", [SOFTEST, 0.3, 0.7, 2.0, HARDEST])
def test_every_band_follows_the_strength_as_it_does_in_recorded_hits(strength):
    made = struck(NOISE, strength)
    decibels = 20 * math.log10(strength)
    for band, (least, most) in MEASURED.items():
        slope = (level(made.samples, band) - level(NOISE.samples, band)) / decibels
        assert least <= slope <= most, band


def test_a_strength_of_one_and_silence_are_the_take_itself():
    assert struck(NOISE, 1.0) is NOISE
    assert struck(SILENCE, 0.5) is SILENCE


@pytest.mark.parametrize("strength", [SOFTEST, 0.5, HARDEST])
def test_a_struck_take_is_on_the_grid_in_its_place_and_has_a_key_of_its_own(strength):
    made = struck(NOISE, strength)
    grid = made.samples.double() * FULL_SCALE
    assert torch.equal(grid, grid.round())
    assert made.samples.dtype == torch.float32
    assert (made.samples.shape, made.attack) == (NOISE.samples.shape, NOISE.attack)
    assert made.key not in (NOISE.key, struck(NOISE, 0.7).key)
    assert torch.equal(made.samples, struck(NOISE, strength).samples)


def test_low_sounds_that_are_struck_hard_are_not_clipped():
    deep = make_take(torch.sin(torch.arange(48_000) * 2 * torch.pi * 60 / SAMPLE_RATE)[None], 0, "")
    made = struck(deep, HARDEST)
    expected = 0.5 * HARDEST**0.5
    assert made.samples[0, 24_000:].max() == pytest.approx(expected, rel=0.01)


def test_twice_the_gain_of_a_soft_event_is_twice_every_sample():
    take = struck(NOISE, 0.3)
    one, two = (torch.cat(list(lay([Placed(take, 9000, gain)], 96_000))) for gain in (1.0, 2.0))
    assert one.any()
    assert torch.equal(two, 2 * one)

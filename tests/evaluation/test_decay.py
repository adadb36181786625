"""The time in which hits fall by 30 dB."""

import pytest
import torch

from helpers.struck_sounds import RATE, struck, track
from syncfusion.evaluation.decay import decay_ms, median_decay
from syncfusion.hits import Hit, cut_hits


def falling(seconds: float, rate: int = RATE) -> Hit:
    """A sound of constant level that falls by 60 dB in so many seconds."""
    time = torch.arange(rate) / rate
    return Hit(10 ** (-3 * time / seconds) * torch.sin(6283 * time), "wood hit", "a")


@pytest.mark.parametrize("rate", [48_000, 44_100])
@pytest.mark.parametrize(("seconds", "decibels"), [(0.4, 30), (0.4, 20), (0.1, 30)])
def test_a_fall_takes_its_share_of_a_minute_of_decibels(rate, seconds, decibels):
    expected = 1000 * seconds * decibels / 60
    assert decay_ms(falling(seconds, rate), rate, decibels) == pytest.approx(expected, abs=3)


def test_a_hit_that_is_cut_off_lasts_to_its_end():
    hit = falling(4.0)
    assert decay_ms(hit._replace(samples=hit.samples[: RATE // 10]), RATE) == pytest.approx(100)


def test_the_median_of_a_clip_is_that_of_its_hits_and_none_without_any():
    hits = cut_hits(struck(), track(), "a")
    assert median_decay(hits, RATE) == pytest.approx(20 * 3.45, abs=12)  # decays by e in 20 ms
    assert median_decay([falling(s) for s in (0.1, 0.2, 0.8)], RATE) == pytest.approx(100, abs=3)
    assert median_decay([], RATE) is None

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from syncfusion.constants import SAMPLE_RATE
from syncfusion.evaluation.loudness import integrated_loudness
from syncfusion.media.audio import Waveform
from syncfusion.media.loudness import LoudnessMeter
from syncfusion.timing import seeded


def measured(samples: torch.Tensor, sizes: list[int]) -> float | None:
    """The loudness of a sound that comes in blocks of these sizes, the last as often as needed."""
    meter, start = LoudnessMeter(), 0
    while start < samples.shape[1]:
        size = sizes.pop(0) if len(sizes) > 1 else sizes[0]
        meter.add(samples[:, start : start + size])
        start += size
    return meter.integrated()


def hits(seconds: float) -> torch.Tensor:
    """Bursts that die away, one a second, of different levels."""
    time = torch.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    noise = torch.randn(1, len(time), generator=seeded(0))
    return noise * torch.exp(-8 * (time % 1)) * 0.1 * (1 + time.floor() % 3)


def test_a_sine_of_997_hertz_at_full_scale_is_at_minus_3_lufs():
    time = torch.arange(2 * SAMPLE_RATE) / SAMPLE_RATE
    sine = torch.sin(2 * math.pi * 997 * time)[None]
    assert measured(sine, [SAMPLE_RATE]) == pytest.approx(-3.01, abs=0.02)


def test_it_agrees_with_pyloudnorm():
    sound = hits(6.0)
    whole = integrated_loudness(Waveform(sound, SAMPLE_RATE))
    assert measured(sound, [2**17]) == pytest.approx(whole, abs=0.1)


@settings(max_examples=10, deadline=None)
@given(sizes=st.lists(st.integers(1, 30_000), min_size=1, max_size=8))
def test_how_the_sound_is_cut_does_not_matter(sizes):
    sound = hits(1.5)
    expected = measured(sound, [sound.shape[1]])
    assert measured(sound, [*sizes, 20_000]) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("sound", [torch.zeros(1, 48_000), 0.5 * torch.ones(1, 9_000)])
def test_silence_and_sounds_under_400_ms_have_no_loudness(sound):
    assert measured(sound, [4_800]) is None

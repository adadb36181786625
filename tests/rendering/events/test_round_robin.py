"""Round robin: changes within their bounds, the same for the same seed."""

import pytest
import torch

from syncfusion.constants import SAMPLE_RATE
from syncfusion.rendering.events.round_robin import (
    GAIN_DB,
    PITCH,
    START,
    Jitter,
    jitter_of,
    jittered,
)
from syncfusion.rendering.events.takes import FULL_SCALE, SILENCE, make_take

TONE = make_take(
    torch.sin(torch.arange(24_000) * 2 * torch.pi * 1000 / SAMPLE_RATE)[None], 240, "a"
)


def test_changes_are_bounded_seeded_and_spread():
    drawn = [jitter_of(seed) for seed in range(500)]
    assert drawn == [jitter_of(seed) for seed in range(500)]
    decibels = 20 * torch.tensor([each.gain for each in drawn]).log10()
    pitches = torch.tensor([each.pitch for each in drawn]) - 1
    starts = torch.tensor([float(each.start) for each in drawn])
    for values, bound in ((decibels, GAIN_DB), (pitches, PITCH), (starts, START)):
        assert bound * 0.9 < values.abs().max() <= bound + 1e-6
        assert values.mean().abs() < bound / 5


def test_pitch_gain_and_start_are_heard_and_the_grid_is_kept():
    made = jittered(TONE, Jitter(0.5, 1.02, 10))
    spectrum = torch.fft.rfft(made.samples[0, :20_000]).abs()
    assert spectrum.argmax().item() * SAMPLE_RATE / 20_000 == pytest.approx(1020, abs=3)
    assert made.samples.abs().max() == pytest.approx(0.25, abs=0.01)
    assert made.attack == round(240 / 1.02) - 10
    grid = made.samples.double() * FULL_SCALE
    assert torch.equal(grid, grid.round())
    assert made.key != TONE.key
    assert jittered(SILENCE, Jitter(1.0, 1.0, 0)) is SILENCE

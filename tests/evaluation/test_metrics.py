"""The figures of one clip, by hand-computed cases."""

import pytest
import torch

from helpers.struck_sounds import struck
from syncfusion.evaluation.metrics import (
    COMPARED,
    FIGURES,
    PUBLISHED,
    SIDES,
    SYNCHRONY,
    envelope_figures,
    level_figures,
    published_figures,
    synchrony_figures,
)
from syncfusion.evaluation.paper_sound import published_scores
from syncfusion.media.audio import Waveform
from syncfusion.track import OnsetTrack

WANTED = OnsetTrack((0.5, 1.0, 1.5), 3.0)
HEARD = OnsetTrack((0.51, 1.04, 1.92, 2.5), 3.0)  # 10 and 40 ms late, then two that nobody wants


def test_synchrony_is_that_of_a_case_counted_by_hand():
    found = synchrony_figures(WANTED, HEARD)
    assert found["f_25ms"] == pytest.approx(2 / 7)  # 1 of 3 wanted, 1 of 4 heard
    assert found["f_50ms"] == found["f_100ms"] == pytest.approx(4 / 7)
    assert (found["precision_50ms"], found["recall_50ms"]) == (0.5, pytest.approx(2 / 3))
    assert found["mean_offset"] == found["mean_absolute_offset"] == pytest.approx(25.0)
    assert (found["same_number"], found["n_wanted"], found["n_heard"]) == (0.0, 3.0, 4.0)


def test_early_onsets_have_a_negative_offset_and_a_positive_distance():
    found = synchrony_figures(WANTED, OnsetTrack((0.48,), 3.0))
    assert found["mean_offset"] == pytest.approx(-20.0)
    assert found["mean_absolute_offset"] == pytest.approx(20.0)


def test_a_sound_without_a_match_has_no_offset():
    assert synchrony_figures(WANTED, OnsetTrack((2.0,), 3.0))["mean_offset"] is None


@pytest.mark.parametrize("prefix", SIDES)
def test_every_figure_of_synchrony_has_its_name(prefix):
    found = synchrony_figures(WANTED, HEARD, prefix)
    assert set(found) == {prefix + name for name in SYNCHRONY} <= FIGURES.keys()


def test_the_published_figures_are_those_of_the_published_arithmetic():
    target, sound = struck(), struck((0.3, 0.9), seed=1)
    found = published_figures(target, sound)
    assert [*found.values()] != [1.0, 1.0, 1.0]
    assert set(found) == PUBLISHED.keys()
    assert found["paper_accuracy"] == published_scores(target, sound).accuracy


def test_a_silent_sound_scores_nothing_as_published():
    silent = Waveform(torch.zeros(1, 48_000), 48_000)
    assert set(published_figures(silent, silent).values()) == {0.0}


def test_envelopes_of_different_lengths_have_no_distance():
    assert envelope_figures(struck(), struck(seconds=3.0)) == {"envelope_distance": None}
    assert envelope_figures(struck(), struck()) == {"envelope_distance": 0.0}


def test_levels_say_peak_clipping_and_silence():
    loud = level_figures(Waveform(torch.tensor([[0.5, -2.0] * 24_000]), 48_000))
    assert loud["clipped_samples"] == 24_000
    assert loud["peak"] == pytest.approx(6.02, abs=0.01)
    silent = level_figures(Waveform(torch.zeros(1, 48_000), 48_000))
    assert (silent["silent"], silent["peak"], silent["loudness"]) == (1.0, None, None)


def test_pairs_are_tested_by_figures_that_have_a_better_side():
    assert all(FIGURES[name].better for name in COMPARED)

"""The metrics of one clip, by hand-computed cases."""

import pytest
import torch
from torch.nn import functional

from helpers.struck_sounds import struck
from syncfusion.evaluation.metrics import (
    COMPARED,
    METRICS,
    PUBLISHED,
    SIDES,
    SYNCHRONY,
    envelope_metrics,
    loudness_metrics,
    prompt_similarity,
    published_metrics,
    synchrony_metrics,
)
from syncfusion.evaluation.paper_sound import published_scores
from syncfusion.media.audio import Waveform
from syncfusion.track import OnsetTrack

REFERENCE = OnsetTrack((0.5, 1.0, 1.5), 3.0)
ESTIMATE = OnsetTrack((0.51, 1.04, 1.92, 2.5), 3.0)  # 10 and 40 ms late, then two that nobody wants


def test_synchrony_is_that_of_a_case_counted_by_hand():
    found = synchrony_metrics(REFERENCE, ESTIMATE)
    assert found["f_25ms"] == pytest.approx(2 / 7)  # 1 of 3 reference, 1 of 4 estimate
    assert found["f_50ms"] == found["f_100ms"] == pytest.approx(4 / 7)
    assert (found["precision_50ms"], found["recall_50ms"]) == (0.5, pytest.approx(2 / 3))
    assert found["mean_offset"] == found["mean_absolute_offset"] == pytest.approx(25.0)
    assert (found["same_number"], found["n_reference"], found["n_estimate"]) == (0.0, 3.0, 4.0)


def test_early_onsets_have_a_negative_offset_and_a_positive_distance():
    found = synchrony_metrics(REFERENCE, OnsetTrack((0.48,), 3.0))
    assert found["mean_offset"] == pytest.approx(-20.0)
    assert found["mean_absolute_offset"] == pytest.approx(20.0)


def test_a_sound_without_a_match_has_no_offset():
    assert synchrony_metrics(REFERENCE, OnsetTrack((2.0,), 3.0))["mean_offset"] is None


@pytest.mark.parametrize("prefix", SIDES)
def test_every_metric_of_synchrony_has_its_name(prefix):
    found = synchrony_metrics(REFERENCE, ESTIMATE, prefix)
    assert set(found) == {prefix + name for name in SYNCHRONY} <= METRICS.keys()


def test_the_published_metrics_are_those_of_the_published_arithmetic():
    target, sound = struck(), struck((0.3, 0.9), seed=1)
    found = published_metrics(target, sound)
    assert [*found.values()] != [1.0, 1.0, 1.0]
    assert set(found) == PUBLISHED.keys()
    assert found["paper_accuracy"] == published_scores(target, sound).accuracy


def test_a_silent_sound_scores_nothing_as_published():
    silent = Waveform(torch.zeros(1, 48_000), 48_000)
    assert set(published_metrics(silent, silent).values()) == {0.0}


def test_envelopes_of_different_lengths_have_no_distance():
    assert envelope_metrics(struck(), struck(seconds=3.0)) == {"envelope_distance": None}
    assert envelope_metrics(struck(), struck()) == {"envelope_distance": 0.0}


def test_levels_say_peak_clipping_and_silence():
    loud = loudness_metrics(Waveform(torch.tensor([[0.5, -2.0] * 24_000]), 48_000))
    assert loud["clipped_samples"] == 24_000
    assert loud["peak"] == pytest.approx(6.02, abs=0.01)
    silent = loudness_metrics(Waveform(torch.zeros(1, 48_000), 48_000))
    assert (silent["silent"], silent["peak"], silent["loudness"]) == (1.0, None, None)


def test_pairs_are_tested_by_metrics_that_have_a_better_side():
    assert all(METRICS[name].better for name in COMPARED)


SOUND = Waveform(torch.tensor([[3.0, 4.0]]), 48_000)


class FirstSamples:
    """The sound's first two samples, or the direction that a text names."""

    def embed(self, prompt):
        given = prompt.samples[0, :2] if isinstance(prompt, Waveform) else DIRECTIONS[prompt]
        return functional.pad(functional.normalize(given, dim=0), (0, 510))

    def embed_texts(self, texts):
        return torch.stack([self.embed(text) for text in texts])

    def embed_sounds(self, sounds):
        return torch.stack([self.embed(sound) for sound in sounds])


DIRECTIONS = {
    "along": torch.tensor([3.0, 4.0]),
    "across": torch.tensor([-4.0, 3.0]),
    "against": torch.tensor([-3.0, -4.0]),
    "aside": torch.tensor([1.0, 0.0]),
}


@pytest.mark.parametrize(
    ("prompt", "cosine"), [("along", 1), ("across", 0), ("against", -1), ("aside", 0.6)]
)
def test_agreement_is_the_cosine(prompt, cosine):
    found = prompt_similarity(FirstSamples(), prompt, SOUND)
    assert found == pytest.approx(cosine, abs=1e-6)


def test_a_reference_sound_agrees_with_itself():
    assert prompt_similarity(FirstSamples(), SOUND, SOUND) == pytest.approx(1)

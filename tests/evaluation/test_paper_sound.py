import numpy as np
import pytest
import torch

from syncfusion.evaluation.paper_sound import (
    Matches,
    accuracy_without_false_positives,
    average_precision_of_ranked_misses,
    loudest_nearby,
    match_until_none_is_left,
    neighbour_skipping_suppression,
    published_excerpt,
    published_scores,
    scaled_amplitude,
    strict_onsets,
)
from syncfusion.evaluation.sync import ONSET_RATE, detect_sound_onsets, synchrony
from syncfusion.media.audio import Waveform
from syncfusion.timing import seeded
from syncfusion.track import OnsetTrack

SILENCE = Waveform(torch.zeros(1, 2 * ONSET_RATE), ONSET_RATE)


def bursts(times, gains=None, rate=ONSET_RATE, seconds=2.0):
    samples = torch.zeros(1, round(seconds * rate))
    burst = torch.randn(rate // 5, generator=seeded(0))
    burst *= torch.exp(-torch.arange(len(burst)) / (0.02 * rate))
    for time, gain in zip(times, gains or [1.0] * len(times), strict=True):
        place = samples[0, round(time * rate) :][: len(burst)]
        place += 0.2 * gain * burst[: len(place)]
    return Waveform(samples, rate)


def level_of(peaks):
    """A level that is 0 but at the given samples."""
    level = np.zeros(2 * ONSET_RATE)
    for onset, height in peaks.items():
        level[onset] = height
    return level


def sample(seconds):
    return round(seconds * ONSET_RATE)


def track(samples):
    return OnsetTrack([onset / ONSET_RATE for onset in samples])


def test_the_first_two_seconds_are_scored_at_22_khz():
    excerpt = published_excerpt(bursts([0.5, 1.5, 3.0], rate=48_000, seconds=5.46), None)
    assert excerpt.samples.shape == (1, 2 * ONSET_RATE)
    assert track(strict_onsets(excerpt)).times == pytest.approx([0.5, 1.5], abs=0.05)


def test_a_false_hit_before_the_first_onset_is_erased():
    target = published_excerpt(bursts([1.0]), 1.0)
    early = bursts([0.4, 1.0])
    assert published_scores(target, published_excerpt(early, 1.0)) == (1, 1, 1)
    assert published_scores(target, published_excerpt(early, None)).same_number == 0
    assert synchrony(OnsetTrack([1.0]), detect_sound_onsets(early)).within_100ms.precision == 0.5


def test_soft_hits_are_not_detected():
    sound = bursts([0.5, 1.2], gains=[1.0, 0.003])
    assert len(detect_sound_onsets(sound)) == 2
    assert track(strict_onsets(sound)).times == pytest.approx([0.5], abs=0.05)


def test_the_loudest_clip_sample_has_level_one():
    level = scaled_amplitude(Waveform(torch.tensor([[0.1, -0.5, 0.3]]), ONSET_RATE))
    assert level == pytest.approx([0, 1, 0.5])


def test_confidence_is_loudness_even_a_neighbours():
    level = level_of({sample(0.5): 0.2, sample(0.54): 0.9, sample(0.6): 1.0})
    assert loudest_nearby(level, sample(0.5)) == 0.9


def test_an_onset_right_at_the_start_has_a_confidence():
    assert loudest_nearby(level_of({100: 0.7}), 0) == 0.7


def test_of_onsets_close_to_a_louder_one_every_second_stays():
    near = [sample(time) for time in (0.50, 0.51, 0.52, 0.53)]
    assert neighbour_skipping_suppression(near, [1.0, 0.4, 0.3, 0.2]) == [near[0], near[2]]


def test_onsets_close_to_none_stay():
    apart = [sample(time) for time in (0.5, 0.56, 0.62)]
    assert neighbour_skipping_suppression(apart, [0.1, 0.9, 0.5]) == apart


def test_the_loudest_in_reach_matches_and_takes_it_from_the_next_target():
    reference = [sample(0.50), sample(0.58)]
    found = [sample(0.43), sample(0.59)]
    level = level_of({found[0]: 0.3, found[1]: 0.9})
    assert match_until_none_is_left(reference, found, level) == (1, [1, 1, 0], [0.9, 0.0, 0.3])
    assert synchrony(track(reference), track(found)).within_100ms.recall == 1


def test_targets_after_the_last_generated_onset_was_used_are_forgotten():
    reference = [sample(time) for time in (0.5, 1.0, 1.5)]
    found = [sample(0.5)]
    matches = match_until_none_is_left(reference, found, level_of({found[0]: 1.0}))
    assert matches == (1, [1], [1.0])
    assert average_precision_of_ranked_misses(matches) == 1
    assert synchrony(track(reference), track(found)).average_precision == pytest.approx(1 / 3)


def test_hits_everywhere_have_full_accuracy():
    reference = [sample(0.5), sample(1.0)]
    found = [sample(0.09 * n) for n in range(1, 22)]
    matches = match_until_none_is_left(reference, found, level_of(dict.fromkeys(found, 1.0)))
    assert accuracy_without_false_positives(matches, 2) == 1
    assert synchrony(track(reference), track(found)).within_100ms.precision < 0.1


def test_a_sound_that_matches_nothing_still_has_average_precision():
    found = [sample(1.5)]
    matches = match_until_none_is_left([sample(0.5)], found, level_of({found[0]: 1.0}))
    assert matches == (0, [1, 0], [0.0, 1.0])
    assert average_precision_of_ranked_misses(matches) == 0.5
    assert synchrony(track([sample(0.5)]), track(found)).average_precision == 0


def test_average_precision_by_hand():
    matches = Matches(2, [1, 1, 1, 0], [0.9, 0.0, 0.4, 0.6])
    # ranked: right, wrong, right, missed: precisions 1, 2/3, 3/4, a third of the recall each
    assert average_precision_of_ranked_misses(matches) == pytest.approx((1 + 2 / 3 + 3 / 4) / 3)


@pytest.mark.parametrize(
    ("target", "generated"), [(SILENCE, SILENCE), (bursts([0.5]), SILENCE), (SILENCE, bursts([1]))]
)
def test_silence_scores_zero_even_where_silence_is_wanted(target, generated):
    assert published_scores(target, generated) == (0, 0, 0)


def test_the_same_sound_scores_one():
    assert published_scores(bursts([0.5, 1.2]), bursts([0.5, 1.2])) == (1, 1, 1)


def test_a_missing_hit_costs_accuracy_and_number_but_no_average_precision():
    scores = published_scores(bursts([0.5, 1.2]), bursts([0.5]))
    assert scores == (0, 0.5, 1)

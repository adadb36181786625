import librosa
import mir_eval
import numpy as np
import pytest
import torch
from sklearn.metrics import average_precision_score

from syncfusion.evaluation.sync import (
    ONSET_RATE,
    detect_sound_onsets,
    event_average_precision,
    ranked_onsets,
    ranked_precision,
    synchrony,
)
from syncfusion.media.audio import Waveform, read_audio
from syncfusion.timing import seeded
from syncfusion.track import OnsetTrack

CLICKS = (0.5, 1.2, 2.25)
TRUE = OnsetTrack([1.0, 2.0, 3.0, 4.0])
NOTHING = OnsetTrack([])


def clicks(rate=48_000, n_channels=1, gains=(1.0, 1.0, 1.0)):
    """Decaying bursts of noise."""
    samples = torch.zeros(n_channels, 3 * rate)
    burst = torch.randn(rate // 5, generator=seeded(0))
    burst *= torch.exp(-torch.arange(len(burst)) / (0.03 * rate))
    for time, gain in zip(CLICKS, gains, strict=True):
        samples[:, round(time * rate) :][:, : len(burst)] += 0.2 * gain * burst
    return Waveform(samples, rate)


def estimate(times, confidences=()):
    return OnsetTrack(times, confidences=confidences)


@pytest.mark.parametrize(("rate", "n_channels"), [(48_000, 1), (44_100, 2)])
def test_bursts_are_detected_where_they_are(rate, n_channels):
    track = detect_sound_onsets(clicks(rate, n_channels))
    assert track.times == pytest.approx(CLICKS, abs=0.05)
    assert track.duration == 3.0


def test_estimates_are_what_librosas_detector_returns():
    sound = clicks(ONSET_RATE)
    expected = librosa.onset.onset_detect(y=sound.samples[0].numpy(), sr=ONSET_RATE, units="time")
    assert detect_sound_onsets(sound).times == pytest.approx(expected)


def test_the_clearest_onset_is_detected_with_confidence_one_and_a_soft_one_with_less():
    first, soft, last = detect_sound_onsets(clicks(gains=(1.0, 0.02, 0.5))).confidences
    assert max(first, soft, last) == pytest.approx(1.0)
    assert 0 < soft < min(first, last)


@pytest.mark.parametrize("n_samples", [0, 1, 48_000])
def test_silence_has_no_onsets(n_samples):
    assert detect_sound_onsets(Waveform(torch.zeros(1, n_samples), 48_000)).times == ()


def test_synchrony_counts_by_hand():
    found = synchrony(TRUE, estimate([1.02, 2.04, 3.07, 3.5, 4.3]))
    assert found.within_25ms.recall == pytest.approx(1 / 4)
    assert found.within_50ms.precision == pytest.approx(2 / 5)
    assert found.within_100ms.f_measure == pytest.approx(2 * (3 / 5) * (3 / 4) / (3 / 5 + 3 / 4))
    assert (found.n_reference, found.n_estimate, found.same_number) == (4, 5, 0)


def test_synchrony_agrees_with_mir_eval():
    rng = np.random.default_rng(0)
    reference, given = sorted(rng.uniform(0, 10, 30)), sorted(rng.uniform(0, 10, 40))
    expected = mir_eval.onset.f_measure(np.array(reference), np.array(given), window=0.05)
    assert synchrony(OnsetTrack(reference), OnsetTrack(given)).within_50ms == pytest.approx(
        expected
    )


def test_early_and_late_cancel_in_the_mean_offset_but_not_in_the_absolute_one():
    found = synchrony(TRUE, estimate([0.96, 2.06, 4.5]))
    assert found.mean_offset == pytest.approx(0.01)
    assert found.mean_absolute_offset == pytest.approx(0.05)


def test_without_a_match_there_is_no_offset():
    found = synchrony(TRUE, estimate([1.5, 2.5]))
    assert (found.mean_offset, found.mean_absolute_offset) == (None, None)


def test_silence_where_silence_is_wanted_is_right():
    found = synchrony(NOTHING, NOTHING)
    assert found.within_100ms == (1, 1, 1)
    assert (found.average_precision, found.same_number, found.mean_offset) == (1, 1, None)


@pytest.mark.parametrize(("reference", "given"), [(TRUE, NOTHING), (NOTHING, TRUE)])
def test_silence_elsewhere_is_wrong(reference, given):
    found = synchrony(reference, given)
    assert found.within_100ms == (0, 0, 0)
    assert (found.average_precision, found.same_number) == (0, 0)


def test_average_precision_by_hand():
    # ranked: right, wrong, right; two of four found: (1/1 + 2/3) / 4
    given = estimate([1.0, 1.5, 2.0], confidences=[0.9, 0.6, 0.3])
    assert event_average_precision(TRUE, given) == pytest.approx((1 + 2 / 3) / 4)


def test_average_precision_is_scikit_learns_where_every_reference_is_found():
    confidences = [0.3, 0.9, 0.2, 0.7, 0.4, 0.6, 0.5]
    given = estimate([1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0], confidences)
    expected = average_precision_score([1, 0, 1, 0, 1, 0, 1], confidences)
    assert event_average_precision(TRUE, given) == pytest.approx(expected)


def test_a_second_onset_at_the_same_place_is_false():
    twice = estimate([1.0, 1.01], confidences=[0.5, 1.0])
    assert event_average_precision(OnsetTrack([1.0]), twice) == 1
    falsely_first = estimate([1.0, 1.01, 2.0], confidences=[0.9, 1.0, 0.1])
    assert event_average_precision(OnsetTrack([1.0, 2.0]), falsely_first) == pytest.approx(
        (1 + 2 / 3) / 2
    )


def test_without_confidences_average_precision_is_precision_times_recall():
    given = estimate([1.0, 1.5, 2.0])
    assert event_average_precision(TRUE, given) == pytest.approx(2 / 3 * 2 / 4)


def test_clips_can_be_ranked_together():
    first = ranked_onsets(TRUE, estimate([1.0, 1.5], confidences=[0.9, 0.4]))
    second = ranked_onsets(OnsetTrack([1.0]), estimate([1.0], confidences=[0.2]))
    # ranked: right, wrong, right; two of five found: (1/1 + 2/3) / 5
    assert ranked_precision([*second, *first], 5) == pytest.approx((1 + 2 / 3) / 5)


def test_onsets_detected_in_a_real_recording_are_near_its_annotation(greatest_hits):
    name = "2015-02-23-21-03-31"
    sound = read_audio(greatest_hits / "videos" / f"{name}_mic.mp4")
    truth = OnsetTrack.read(greatest_hits / "times" / f"{name}_times.txt")
    found = synchrony(truth, detect_sound_onsets(sound))
    assert found.within_100ms.f_measure > 0.9
    assert 0 < found.mean_offset < 0.05

import pytest
import torch

from syncfusion.onset.metrics import (
    average_precision,
    balanced_accuracy,
    chunks_counted_right,
    difference_peaks,
    event_scores,
    frame_labels,
    regular_grid,
    time_offsets,
)
from syncfusion.track import OnsetTrack

TRUE = OnsetTrack([1.0, 2.0, 3.0])


def test_one_of_three_found_and_one_false_is_counted_so():
    scores = event_scores(TRUE, OnsetTrack([1.05, 5.0]), tolerance=0.1)
    assert scores.precision == pytest.approx(1 / 2)
    assert scores.recall == pytest.approx(1 / 3)
    assert scores.f_measure == pytest.approx(0.4)


def test_the_tolerance_decides():
    late = OnsetTrack([time + 0.07 for time in TRUE.times])
    assert event_scores(TRUE, late, tolerance=0.1).f_measure == 1
    assert event_scores(TRUE, late, tolerance=0.05).f_measure == 0


def test_silence_found_where_silence_is_is_right():
    assert event_scores(OnsetTrack([]), OnsetTrack([])).f_measure == 1
    assert event_scores(TRUE, OnsetTrack([])).f_measure == 0
    assert event_scores(OnsetTrack([]), TRUE).f_measure == 0


def test_late_onsets_have_positive_offsets():
    assert time_offsets(TRUE, OnsetTrack([1.03, 2.98])) == pytest.approx([0.03, -0.02])


def test_average_precision_of_a_perfect_ranking_is_one():
    labels = torch.tensor([0, 1, 0, 1])
    assert average_precision(torch.tensor([0.1, 0.9, 0.2, 0.8]), labels) == 1
    assert average_precision(torch.tensor([0.9, 0.1, 0.8, 0.2]), labels) < 0.6


def test_balanced_accuracy_counts_onset_and_other_frames_for_half_each():
    labels = torch.tensor([1, 0, 0, 0, 0])
    found = torch.tensor([0.9, 0.9, 0.1, 0.1, 0.1])
    assert balanced_accuracy(found, labels, threshold=0.6) == pytest.approx((1 + 3 / 4) / 2)


@pytest.mark.parametrize("always", [0.0, 1.0])
def test_balanced_accuracy_of_constant_probabilities_is_a_half(always):
    labels = torch.tensor([1, 0, 0, 0, 0])
    assert balanced_accuracy(torch.full((5,), always), labels, threshold=0.6) == 0.5


def test_a_frame_at_the_threshold_is_an_onset():
    assert balanced_accuracy(torch.tensor([0.5]), torch.tensor([1]), threshold=0.5) == 1


def test_chunks_with_as_many_onsets_are_counted_right():
    found = OnsetTrack([0.3, 0.9, 3.0, 4.5])
    right = chunks_counted_right(OnsetTrack([0.5, 1.0, 4.1, 4.2]), found, n_chunks=3)
    assert right.tolist() == [True, False, False]


def test_onsets_after_the_last_whole_chunk_do_not_count():
    right = chunks_counted_right(OnsetTrack([1.0, 2.5]), OnsetTrack([1.0]), n_chunks=1)
    assert right.tolist() == [True]
    assert chunks_counted_right(OnsetTrack([0.5]), OnsetTrack([]), n_chunks=0).tolist() == []


def test_an_annotation_printed_a_hair_before_an_edge_lies_behind_it():
    right = chunks_counted_right(OnsetTrack([1.9999]), OnsetTrack([2.01]), n_chunks=2)
    assert right.tolist() == [True, True]


def test_a_frame_is_labelled_where_an_onset_falls_in_it():
    labels = frame_labels(OnsetTrack([0.0, 0.1333]), fps=15, n_frames=4)
    assert labels.tolist() == [1, 0, 1, 0]


def test_the_grid_has_as_many_onsets_evenly_spread():
    assert regular_grid(TRUE, duration=6.0).times == (1.0, 3.0, 5.0)
    assert len(regular_grid(OnsetTrack([]), duration=6.0)) == 0


@pytest.mark.parametrize("batch", [3, 30])
def test_a_jerk_in_steady_motion_is_a_peak_of_frame_difference(batch):
    steps = torch.full((30,), 2)
    steps[::2] = 1
    steps[12] = 60
    frames = steps.cumsum(0)[:, None, None, None].expand(-1, 4, 4, 3).to(torch.uint8)
    found = difference_peaks(frames.split(batch), fps=15, duration=2.0)
    assert max(found, key=lambda onset: onset.confidence).time == pytest.approx(12 / 15, abs=0.04)

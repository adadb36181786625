"""Each accident of the published table 1, pinned by an answer worked out by hand."""

import math

import pytest
import torch

from syncfusion.evaluation.paper import (
    accuracy_of_first_negatives,
    average_precision_of_first_negatives,
    batch_weighted_loss,
    every_other_frame_of_runs,
    first_negatives,
    same_number_accuracy,
    table_1,
    times_above_half_a_logit,
    truncated_chunk_labels,
)
from syncfusion.onset.metrics import average_precision
from syncfusion.track import OnsetTrack


def logits(*probabilities):
    return torch.tensor(probabilities).logit()


def frames(labels):
    return [tuple(place) for place in labels.nonzero().tolist()]


def test_a_time_rounded_down_to_four_decimals_is_labelled_a_frame_early():
    labels = truncated_chunk_labels(OnsetTrack([2.1333, 2.6667]), fps=15, n_chunks=2)
    assert frames(labels) == [(1, 1), (1, 10)]  # 2.1333 s is frame 32, place 2 of its chunk


def test_a_rounding_error_below_a_frame_is_labelled_a_frame_early():
    labels = truncated_chunk_labels(OnsetTrack([4.6, 4.8]), fps=15, n_chunks=3)
    assert frames(labels) == [(2, 8), (2, 11)]  # frames 69 and 72: places 9 and 12 of their chunk


def test_onsets_past_the_last_whole_chunk_are_left_out():
    labels = truncated_chunk_labels(OnsetTrack([0.0, 1.9999, 2.0]), fps=15, n_chunks=1)
    assert frames(labels) == [(0, 0), (0, 29)]


def test_the_loss_weighs_onsets_by_the_others_of_the_batch():
    labels = torch.tensor([[1.0, 0.0, 0.0, 0.0]])
    loss = batch_weighted_loss(torch.zeros(1, 4), labels)
    assert loss == pytest.approx((3 + 3) * math.log(2) / 4)


def test_the_loss_of_a_batch_without_onsets_is_no_number():
    assert math.isnan(batch_weighted_loss(torch.zeros(2, 4), torch.zeros(2, 4)))


def test_of_the_frames_without_onset_the_first_ones_are_scored():
    labels = torch.tensor([[0.0, 1.0, 0.0], [0.0, 1.0, 0.0]])
    assert first_negatives(labels).tolist() == [1, 4, 0, 2]


def test_average_precision_does_not_see_a_false_alarm_that_comes_late():
    labels = torch.tensor([[0.0, 1.0, 0.0, 0.0]])
    found = logits([0.1, 0.6, 0.1, 0.9])
    assert average_precision_of_first_negatives(found, labels) == 1
    assert average_precision(found.sigmoid()[0], labels[0]) == 0.5


def test_accuracy_calls_an_onset_from_three_quarters_on():
    labels = torch.tensor([[0.0, 1.0, 1.0, 0.0]])
    assert accuracy_of_first_negatives(logits([0.1, 0.7, 0.8, 0.74]), labels) == 0.75


def test_a_run_of_hot_frames_counts_every_second_time():
    runs = torch.tensor([[1, 1, 1, 1, 1], [0, 1, 1, 0, 1], [1, 0, 1, 1, 1]])
    kept = [[1, 0, 1, 0, 1], [0, 1, 0, 0, 1], [1, 0, 1, 0, 1]]
    assert every_other_frame_of_runs(runs).tolist() == kept


def test_a_broad_peak_is_two_onsets_and_makes_its_chunk_wrong():
    labels = torch.tensor([[0.0, 1.0, 0.0], [0.0, 1.0, 0.0]])
    found = logits([0.1, 0.9, 0.1], [0.9, 0.9, 0.9])
    assert same_number_accuracy(found, labels) == 0.5


def test_written_onsets_start_at_half_a_logit_and_keep_whole_runs():
    found = torch.full((2, 30), -5.0)
    found[0, 3] = 0.49  # a probability of 0.62
    found[1, 4:7] = 0.51
    assert times_above_half_a_logit(found, fps=15) == [2.2667, 2.3333, 2.4]


def test_batches_of_sixteen_are_averaged_by_their_chunks():
    labels = torch.zeros(20, 4)
    labels[:, 1] = 1
    found = torch.where(labels == 1, 5.0, -5.0)
    found[16:] *= -1
    scores = table_1(found, labels)
    assert scores.same_number == pytest.approx(16 / 20)
    assert scores.accuracy == pytest.approx(16 / 20)
    assert scores.average_precision == pytest.approx((16 * 1 + 4 * 0.5) / 20)
    assert scores.loss > batch_weighted_loss(found[:16], labels[:16])


def test_a_batch_without_onsets_counts_for_the_number_of_onsets_alone():
    labels = torch.zeros(32, 4)
    labels[:16, 1] = 1
    found = torch.where(labels == 1, 5.0, -5.0)
    found[16:] = 5.0
    scores = table_1(found, labels)
    assert (scores.n_batches, scores.n_without_onsets) == (2, 1)
    assert scores.loss == batch_weighted_loss(found[:16], labels[:16])
    assert scores.average_precision == scores.accuracy == 1
    assert scores.same_number == 0.5

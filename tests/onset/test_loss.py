import math

import pytest
import torch

from syncfusion.onset.loss import logits_of, onset_loss, widened_targets


def test_a_label_is_one_at_the_onset_and_falls_off_like_a_gaussian():
    labels = widened_targets(torch.tensor([3.0]), n_frames=6, sigma=0.7)
    assert labels[3] == 1
    torch.testing.assert_close(labels[2], torch.exp(torch.tensor(-0.5 / 0.49)))
    torch.testing.assert_close(labels[2], labels[4])


def test_overlapping_labels_never_exceed_one():
    assert widened_targets(torch.tensor([2.0, 2.5, 3.0]), n_frames=6, sigma=0.7).max() == 1


def test_no_onsets_label_nothing():
    assert widened_targets(torch.zeros(0), n_frames=5, sigma=0.7).tolist() == [0.0] * 5


def test_the_loss_is_finite_without_onsets():
    assert onset_loss(torch.zeros(2, 5), torch.zeros(2, 5), positive_weight=4.0).isfinite()


def test_a_missed_onset_costs_the_weight_times_a_false_one():
    one = torch.ones(1, 1)
    missed = onset_loss(-3 * one, one, positive_weight=4.0)
    false = onset_loss(3 * one, 0 * one, positive_weight=4.0)
    torch.testing.assert_close(missed, 4 * false)


def test_balanced_onsets_weigh_as_much_as_all_other_frames():
    labels = torch.tensor([[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]])
    loss = onset_loss(torch.zeros(2, 4), labels, positive_weight="balanced")
    assert loss.item() == pytest.approx((7 + 7) * math.log(2) / 8)


def test_the_balanced_loss_is_finite_without_onsets_and_teaches_silence():
    logits = torch.zeros(2, 5, requires_grad=True)
    loss = onset_loss(logits, torch.zeros(2, 5), positive_weight="balanced")
    loss.backward()
    assert loss.item() == pytest.approx(math.log(2))
    assert (logits.grad > 0).all()


def test_the_balanced_weight_of_faint_labels_stays_bounded():
    labels = torch.full((1, 100), 1e-6)
    loss = onset_loss(torch.zeros(1, 100), labels, positive_weight="balanced")
    assert loss.item() == pytest.approx(math.log(2), rel=1e-3)


def test_probabilities_turn_back_into_finite_logits():
    logits = torch.tensor([[-40.0, -3.0, 0.0, 2.0, 40.0]])
    back = logits_of(logits.sigmoid())
    torch.testing.assert_close(back[:, 1:4], logits[:, 1:4])
    assert back.isfinite().all()
    assert back.abs().max() > 15

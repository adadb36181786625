import torch

from syncfusion.onset.loss import onset_loss, smeared_labels


def test_a_label_is_one_at_the_onset_and_falls_off_like_a_gaussian():
    labels = smeared_labels(torch.tensor([3.0]), n_frames=6, sigma=0.7)
    assert labels[3] == 1
    torch.testing.assert_close(labels[2], torch.exp(torch.tensor(-0.5 / 0.49)))
    torch.testing.assert_close(labels[2], labels[4])


def test_overlapping_labels_never_exceed_one():
    assert smeared_labels(torch.tensor([2.0, 2.5, 3.0]), n_frames=6, sigma=0.7).max() == 1


def test_no_onsets_label_nothing():
    assert smeared_labels(torch.zeros(0), n_frames=5, sigma=0.7).tolist() == [0.0] * 5


def test_the_loss_is_finite_without_onsets():
    assert onset_loss(torch.zeros(2, 5), torch.zeros(2, 5), positive_weight=4.0).isfinite()


def test_a_missed_onset_costs_the_weight_times_a_false_one():
    one = torch.ones(1, 1)
    missed = onset_loss(-3 * one, one, positive_weight=4.0)
    false = onset_loss(3 * one, 0 * one, positive_weight=4.0)
    torch.testing.assert_close(missed, 4 * false)

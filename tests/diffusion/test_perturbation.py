import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from syncfusion.diffusion.perturbation import drop_onsets, shift_onsets
from syncfusion.timing import seeded

PLACES, GAINS = [0, 40, 99], torch.tensor([0.5, 1.0, 0.25])


def track():
    impulses = torch.zeros(2, 1, 100)
    impulses[..., PLACES] = GAINS
    return impulses


@given(reach=st.integers(0, 15), seed=st.integers(0, 99))
def test_a_shifted_onset_keeps_its_gain_and_stays_near(reach, seed):
    found = shift_onsets(track(), reach, seeded(seed))
    for example in found[:, 0]:
        places = example.nonzero()[:, 0]
        assert torch.all((places - torch.tensor(PLACES)).abs() <= reach)
        torch.testing.assert_close(example[places], GAINS)


def test_onsets_are_shifted_each_by_itself_and_by_all_of_the_reach():
    moved = torch.zeros(1, 1, 100_000)
    moved[..., 50::100] = 1.0
    places = shift_onsets(moved, 3, seeded(0)).nonzero()[:, 2]
    assert set((places - torch.arange(50, 100_000, 100)).tolist()) == set(range(-3, 4))


def test_of_two_onsets_that_meet_the_louder_stays():
    impulses = torch.zeros(1, 1, 2)
    impulses[0, 0] = torch.tensor([0.25, 0.75])
    found = [shift_onsets(impulses, 5, seeded(seed))[0, 0].tolist() for seed in range(20)]
    assert [0.75, 0.0] in found
    assert [0.0, 0.75] in found


@pytest.mark.parametrize("probability", [0.0, 0.3, 1.0])
def test_the_expected_fraction_of_onsets_is_dropped(probability):
    impulses = torch.full((1, 1, 10_000), 0.5)
    found = drop_onsets(impulses, probability, seeded(0))
    assert (found == 0).float().mean() == pytest.approx(probability, abs=0.02)
    assert set(found.unique().tolist()) <= {0.0, 0.5}


def test_a_track_without_onsets_stays_silent():
    silence = torch.zeros(2, 1, 50)
    assert not shift_onsets(drop_onsets(silence, 0.5, seeded(0)), 5, seeded(0)).any()


def test_the_given_track_is_left_as_it_is():
    impulses = track()
    shift_onsets(drop_onsets(impulses, 1.0, seeded(0)), 5, seeded(0))
    torch.testing.assert_close(impulses, track())

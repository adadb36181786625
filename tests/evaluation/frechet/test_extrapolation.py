import pytest
import torch

from syncfusion.evaluation.frechet.embedders import Embeddings
from syncfusion.evaluation.frechet.extrapolation import distance_interval, extrapolated_distance
from syncfusion.evaluation.frechet.gaussian import Gaussian, squared_distance
from syncfusion.timing import seeded

FEATURES = 16
SHIFT = 0.3  # per feature
TRUTH = FEATURES * SHIFT**2  # d² of two infinity sets with that shift


def sounds(n, seed, shift=0.0, frames=1):
    values = torch.randn(n, frames, FEATURES, generator=seeded(seed), dtype=torch.float64)
    return Embeddings(tuple(values + shift), "test")


def plain(first, second):
    return squared_distance(Gaussian.of(first), Gaussian.of(second))


@pytest.mark.parametrize(("shift", "truth"), [(0.0, 0.0), (SHIFT, TRUTH)])
def test_the_excess_of_small_sets_is_extrapolated_away(shift, truth):
    pairs = [(sounds(100, 2 * n), sounds(100, 2 * n + 1, shift)) for n in range(6)]
    excess = sum(plain(*pair) - truth for pair in pairs) / len(pairs)
    remaining = sum(extrapolated_distance(*pair) - truth for pair in pairs) / len(pairs)
    assert excess > 1
    assert abs(remaining) < 0.25 * excess


def test_a_smaller_set_seems_further_away():
    assert plain(sounds(50, 0), sounds(50, 1)) > 2 * plain(sounds(400, 0), sounds(400, 1))


def test_the_interval_holds_the_truth_and_not_the_plain_distance_of_equal_sets():
    held = [distance_interval(sounds(60, n), sounds(60, 100 + n)) for n in range(5)]
    assert sum(low <= 0 <= high for low, high in held) >= 4
    assert all(high < plain(sounds(60, n), sounds(60, 100 + n)) for n, (_, high) in enumerate(held))


def test_sets_that_differ_have_an_interval_above_zero():
    low, high = distance_interval(sounds(100, 0), sounds(100, 1, shift=0.6))
    assert 0 < low < FEATURES * 0.6**2 < high


def test_frames_of_one_sound_stay_together():
    repeated = Embeddings(
        tuple(block.repeat(4, 1) for block in sounds(40, 0).sounds), embedder="test"
    )
    once, often = (distance_interval(each, sounds(40, 1)) for each in (sounds(40, 0), repeated))
    assert often[1] - often[0] == pytest.approx(once[1] - once[0], rel=0.35)


def test_under_four_sounds_neither_can_be_said():
    assert extrapolated_distance(sounds(3, 0, frames=5), sounds(9, 1)) is None
    assert distance_interval(sounds(9, 0), sounds(3, 1, frames=5)) is None


def test_four_sounds_are_enough():
    assert extrapolated_distance(sounds(4, 0), sounds(4, 1)) is not None
    assert distance_interval(sounds(4, 0), sounds(4, 1)) is not None

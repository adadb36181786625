import math

import numpy as np
import pytest
from scipy.stats import wilcoxon

from syncfusion.evaluation.statistics import (
    bootstrap_interval,
    paired_test,
    summary,
)

CLIPS = tuple(np.random.default_rng(3).random(30))


def test_an_interval_is_as_wide_as_the_normal_one_where_that_holds():
    low, high = bootstrap_interval(CLIPS)
    error = 1.96 * np.std(CLIPS) / math.sqrt(len(CLIPS))
    assert (low, high) == pytest.approx((np.mean(CLIPS) - error, np.mean(CLIPS) + error), abs=0.01)


def test_it_is_the_spread_of_means_of_clips_drawn_again():
    draws = np.random.default_rng(1).choice(CLIPS, (20_000, len(CLIPS)))
    expected = np.quantile(np.median(draws, axis=1), (0.05, 0.95))
    found = bootstrap_interval(CLIPS, statistic=np.median, confidence=0.9)
    assert found == pytest.approx(expected, abs=0.02)


def test_it_holds_the_truth_about_as_often_as_promised():
    rng = np.random.default_rng(0)
    found = [bootstrap_interval(tuple(rng.random(40)), n_resamples=500) for _ in range(200)]
    assert 0.88 <= np.mean([low <= 0.5 <= high for low, high in found]) <= 0.99


def test_the_seed_decides_the_draws():
    assert bootstrap_interval(CLIPS, seed=1) == bootstrap_interval(CLIPS, seed=1)
    assert bootstrap_interval(CLIPS, seed=1) != bootstrap_interval(CLIPS, seed=2)


@pytest.mark.parametrize("values", [(), (0.7,), (0.1, 0.5, 0.9), (0.5,) * 3, (0.5,) * 20], ids=len)
def test_few_or_equal_values_have_no_interval(values):
    assert bootstrap_interval(values) is None
    assert summary(values).interval is None


def test_four_different_values_have_an_interval():
    assert bootstrap_interval((0.1, 0.5, 0.5, 0.9)) is not None


def test_a_summary_counts_the_clips_that_lack_the_metric():
    found = summary([1.0, None, 3.0, 2.0, 2.0])
    assert (found.mean, found.n, found.n_undefined) == (2.0, 4, 1)
    assert found.interval == bootstrap_interval((1.0, 3.0, 2.0, 2.0))


def test_a_summary_of_nothing_has_no_mean():
    assert summary([None]) == (None, None, 0, 1)


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match="pass None for an undefined metric"):
        summary([0.5, value])


def test_four_clips_all_better_are_one_of_eight_ways_to_flip_them():
    found = paired_test((1.0, 2.0, 3.0, 4.0), (0.0, 1.5, 2.0, 3.9))
    assert found.difference == pytest.approx(0.65)
    assert found.p_value == pytest.approx(2 / 2**4)
    assert found.n == 4


def test_the_p_value_is_the_exact_one_of_scipys_signed_rank_test_on_ranks():
    ranks = np.array((1.0, 2.0, 3.0, -4.0, 5.0, 6.0, -7.0, 8.0, 9.0, 10.0))
    expected = wilcoxon(ranks, method="exact").pvalue
    assert paired_test(tuple(ranks), (0.0,) * 10).p_value == pytest.approx(expected)


def test_equal_systems_do_not_differ():
    assert paired_test(CLIPS, CLIPS) == (0.0, 1.0, 30)


def test_a_real_difference_shows_in_many_clips():
    worse = tuple(np.array(CLIPS) - np.random.default_rng(5).normal(0.05, 0.05, 30))
    assert paired_test(CLIPS, worse).p_value < 0.001


def test_one_clip_proves_nothing():
    assert paired_test((1.0,), (0.25,)) == (0.75, None, 1)
    assert paired_test((), ()) == (None, None, 0)


def test_systems_on_other_clips_are_not_compared():
    with pytest.raises(ValueError, match="same clips"):
        paired_test((1.0, 2.0), (1.0,))

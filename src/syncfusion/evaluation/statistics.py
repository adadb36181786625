"""Uncertainty of metrics: bootstrap intervals over clips, and paired tests of two systems.

The clip is the unit of resampling, never the onsets or frames inside it, since those of one clip
are correlated. ``None`` stands for a metric that is undefined for a clip (the offset of a sound
without a matched onset); it is left out and counted.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

MIN_VALUES = 4  # per interval; fewer values do not show their spread
CONFIDENCE = 0.95  # of all printed intervals
N_RESAMPLES = 10_000  # another seed moves an interval's ends by about 2 % of its width

Statistic = Callable[..., float | Float[np.ndarray, "..."]]  # values, axis=… -> metric


class Interval(NamedTuple):
    """Lower and upper end of an interval."""

    low: float
    high: float


class Summary(NamedTuple):
    """A metric over clips.

    Args:
        mean: mean over the clips with a value; None if there are none.
        interval: 95 % interval of the mean; None for fewer than four clips or equal values.
        n: number of clips with a value.
        n_undefined: number of clips without one.
    """

    mean: float | None
    interval: Interval | None
    n: int
    n_undefined: int = 0


class PairedTest(NamedTuple):
    """A test of two systems on the same clips.

    Args:
        difference: mean of the first minus mean of the second; None without clips.
        p_value: two-sided p-value of the difference; None for fewer than two clips.
        n: number of clips.
    """

    difference: float | None
    p_value: float | None
    n: int


def bootstrap_interval(
    values: Sequence[float],
    *,
    statistic: Statistic = np.mean,
    confidence: float = CONFIDENCE,
    n_resamples: int = N_RESAMPLES,
    seed: int = 0,
) -> Interval | None:
    """Return the percentile bootstrap interval of a statistic (Efron & Tibshirani 1993, ch. 13).

    Args:
        values: one value per clip.
        statistic: function of an array and ``axis``, like numpy's.
        confidence: nominal coverage, between 0 and 1. With few clips the true coverage is lower:
            about 0.9 instead of 0.95 at 10 clips, 0.8 at 4.
        n_resamples: number of resamples.
        seed: seed of the resamples.

    Returns:
        The interval; None for fewer than ``MIN_VALUES`` values or if all are equal, since these do
        not show the spread.

    Raises:
        ValueError: if a value is not finite.
    """
    from scipy.stats import bootstrap

    sample = _finite(values)
    if len(sample) < MIN_VALUES or np.ptp(sample) == 0:
        return None
    result = bootstrap(
        (sample,),
        statistic,
        confidence_level=confidence,
        n_resamples=n_resamples,
        method="percentile",
        rng=np.random.default_rng(seed),
    )
    return Interval(*map(float, result.confidence_interval))


def summary(values: Iterable[float | None], *, seed: int = 0) -> Summary:
    """Return mean, 95 % interval and N of a metric, one value per clip.

    Args:
        values: None where a clip has no value.
        seed: seed of the bootstrap.

    Returns:
        The summary, as printed in tables.

    Raises:
        ValueError: if a value is not finite.
    """
    everything = list(values)
    defined = [value for value in everything if value is not None]
    mean = float(_finite(defined).mean()) if defined else None
    interval = bootstrap_interval(defined, seed=seed)
    return Summary(mean, interval, len(defined), len(everything) - len(defined))


def paired_test(
    first: Sequence[float],
    second: Sequence[float],
    *,
    n_resamples: int = N_RESAMPLES,
    seed: int = 0,
) -> PairedTest:
    """Test by permutation whether two systems differ on the same clips, two-sided.

    Under the null hypothesis the systems are exchangeable, so swapping them within any clip leaves
    the distribution of the difference unchanged. Up to ``n_resamples`` swaps (13 clips) all are
    enumerated and the p-value is exact. It is never below 2 / 2^N: with four clips nothing can be
    significant (0.125).

    Args:
        first: one value per clip.
        second: the other system's values for the same clips in the same order.
        n_resamples: maximal number of swaps.
        seed: seed of the random swaps.

    Returns:
        The difference of the means, its p-value and N.

    Raises:
        ValueError: if the lengths differ or a value is not finite.
    """
    from scipy.stats import permutation_test

    if len(first) != len(second):
        raise ValueError(
            f"{len(first)} clips of one system and {len(second)} of the other; "
            "a paired test needs the same clips of both"
        )
    pair = _finite(first), _finite(second)
    if len(first) < 2:
        return PairedTest(float(pair[0][0] - pair[1][0]) if len(first) else None, None, len(first))
    result = permutation_test(
        pair,
        _mean_difference,
        permutation_type="samples",
        vectorized=True,
        n_resamples=n_resamples,
        rng=np.random.default_rng(seed),
    )
    return PairedTest(float(result.statistic), float(result.pvalue), len(first))


def _mean_difference(
    first: Float[np.ndarray, "..."], second: Float[np.ndarray, "..."], axis: int
) -> float | Float[np.ndarray, "..."]:
    return np.mean(first - second, axis=axis)


def _finite(values: Sequence[float]) -> Float[np.ndarray, " clip"]:
    for value in values:
        if not math.isfinite(value):
            raise ValueError(f"{value} cannot be averaged; pass None for an undefined metric")
    return np.array(values, dtype=float)

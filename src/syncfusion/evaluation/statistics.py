"""How far a figure can be trusted: intervals over clips, and whether two systems differ.

A clip is the unit: clips are drawn again, never the onsets or frames inside them, since those of
one clip resemble each other. ``None`` stands for a figure that a clip does not have (the offset of
a sound without a matched onset); it is left out and counted.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

CONFIDENCE = 0.95  # of every interval that is printed
N_RESAMPLES = 10_000  # another seed moves an interval's ends by about 2 % of its width

Statistic = Callable[..., float | Float[np.ndarray, "..."]]  # values, axis=… -> figure


class Interval(NamedTuple):
    """The lowest and the highest value that a figure may plausibly have."""

    low: float
    high: float


class Summary(NamedTuple):
    """A figure over clips.

    Args:
        mean: of the clips that have the figure; None where none has.
        interval: 95 % interval of the mean; None under two clips.
        n: clips that have the figure.
        n_undefined: clips that do not.
    """

    mean: float | None
    interval: Interval | None
    n: int
    n_undefined: int = 0


class PairedTest(NamedTuple):
    """Two systems on the same clips.

    Args:
        difference: mean of the first minus mean of the second; None without clips.
        p_value: how often chance alone makes a difference at least as large, in either direction;
            None under two clips.
        n: clips.
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
        values: one figure per clip.
        statistic: what is of interest; a function of an array and ``axis``, as numpy's are.
        confidence: share of repeated experiments whose interval holds the truth, between 0 and 1.
            With few clips the true share is lower: about 0.9 of a promised 0.95 at 10 clips, 0.8
            at 4.
        n_resamples: draws.
        seed: of the draws.

    Returns:
        Its ends; None for under two values, which say nothing about their spread.

    Raises:
        ValueError: if a value is not finite.
    """
    from scipy.stats import bootstrap

    sample = _finite(values)
    if len(sample) < 2:
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
    """Return mean, 95 % interval and N of a figure, one value per clip.

    Args:
        values: None where a clip does not have the figure.
        seed: of the bootstrap's draws.

    Returns:
        What a table prints.

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
    """Test by permutation whether two systems differ on the same clips, in either direction.

    If it did not matter which system made which sound, swapping the two within any clip would
    leave the difference as likely as it is. All swaps are tried where there are no more than
    ``n_resamples`` of them (13 clips), so the p-value is exact there, and never below 2 / 2^N:
    with four clips nothing can be shown (0.125).

    Args:
        first: one figure per clip.
        second: the other system's, same clips in the same order.
        n_resamples: swaps tried at most.
        seed: of the choice of swaps.

    Returns:
        The difference of the means, its p-value and N.

    Raises:
        ValueError: if the two are not of one length or a value is not finite.
    """
    from scipy.stats import permutation_test

    if len(first) != len(second):
        raise ValueError(
            f"{len(first)} clips of one system and {len(second)} of the other; "
            "a paired test wants the same clips of both"
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
            raise ValueError(
                f"{value} cannot be averaged; give None for a figure that is undefined"
            )
    return np.array(values, dtype=float)

"""Bias and uncertainty of a Fréchet distance of small sets: FAD∞ and its interval."""

import numpy as np
import torch

from syncfusion.evaluation.frechet.embedders import Embeddings
from syncfusion.evaluation.frechet.gaussian import Gaussian, squared_distance
from syncfusion.evaluation.statistics import CONFIDENCE, Interval
from syncfusion.timing import seeded

MIN_SOUNDS = 4  # half of them are two, the minimum for a covariance
N_SIZES = 12  # set sizes for the linear fit
N_DRAWS = 4  # pairs of subsets per size
N_RESAMPLES = 200  # bootstrap pairs; each costs two eigen-decompositions


def extrapolated_distance(
    reference: Embeddings, generated: Embeddings, *, seed: int = 0
) -> float | None:
    """Return d² extrapolated to infinitely many sounds: FAD∞ (Gui et al., ICASSP 2024).

    The bias of d² falls as 1/N, so a line fitted to the distances of subsets over 1/N has the
    unbiased distance as its intercept. Here both sets shrink together, down to half. The published
    method shrinks the generated set only; that treats the reference as infinite and leaves its
    part of the bias (half of it for sets of equal size). Subsets are drawn by whole sounds, as the
    embeddings of one sound are correlated.

    Args:
        reference: embeddings of recordings.
        generated: embeddings of generated sounds.
        seed: seed of the subsets.

    Returns:
        The distance, sometimes negative if the true one is about 0; None if a set has fewer than
        four sounds.
    """
    sets = (reference, generated)
    if min(len(each.sounds) for each in sets) < MIN_SOUNDS:
        return None
    generator = seeded(seed)
    fractions = np.repeat(np.linspace(0.5, 1.0, N_SIZES), N_DRAWS)
    distances = [
        squared_distance(*(Gaussian.of(_subset(each, fraction, generator)) for each in sets))
        for fraction in fractions
    ]
    return float(np.polyfit(1 / fractions, distances, 1)[1])


def _subset(embeddings: Embeddings, fraction: float, generator: torch.Generator) -> Embeddings:
    n_sounds = len(embeddings.sounds)
    order = torch.randperm(n_sounds, generator=generator)
    return embeddings.of(order[: round(fraction * n_sounds)].tolist())


def distance_interval(
    reference: Embeddings, generated: Embeddings, *, seed: int = 0
) -> Interval | None:
    """Return a bias-corrected 95 % interval of d², resampling sounds.

    Both sets are resampled with replacement, by whole sounds. Resampling adds the bias a second
    time, so the interval is the resamples' quantiles mirrored at the plain distance (basic
    bootstrap, Davison & Hinkley 1997, §5.2). For Gaussian sets it covered the true distance in 36
    to 40 of 40 trials.

    Args:
        reference: embeddings of recordings.
        generated: embeddings of generated sounds.
        seed: seed of the resamples.

    Returns:
        The ends of the interval; the lower one is negative if the sets may be equal. None if a set
        has fewer than four sounds.
    """
    sets = (reference, generated)
    if min(len(each.sounds) for each in sets) < MIN_SOUNDS:
        return None
    generator = seeded(seed)
    distances = [
        squared_distance(*(Gaussian.of(_resample(each, generator)) for each in sets))
        for _ in range(N_RESAMPLES)
    ]
    plain = squared_distance(Gaussian.of(reference), Gaussian.of(generated))
    low, high = np.quantile(distances, ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2))
    return Interval(float(2 * plain - high), float(2 * plain - low))


def _resample(embeddings: Embeddings, generator: torch.Generator) -> Embeddings:
    n_sounds = len(embeddings.sounds)
    return embeddings.of(torch.randint(n_sounds, (n_sounds,), generator=generator).tolist())

"""What small sets do to a Fréchet distance: its excess, extrapolated away, and its uncertainty."""

import numpy as np
import torch

from syncfusion.evaluation.frechet.embedders import Embeddings
from syncfusion.evaluation.frechet.gaussian import Gaussian, squared_distance
from syncfusion.evaluation.statistics import CONFIDENCE, Interval
from syncfusion.timing import seeded

MIN_SOUNDS = 4  # half of them are the two that a covariance needs
N_SIZES = 12  # set sizes that the extrapolation is fitted through
N_DRAWS = 4  # pairs of sets of each size
N_RESAMPLES = 200  # pairs of sets drawn again; each costs two eigen-decompositions


def extrapolated_distance(
    reference: Embeddings, judged: Embeddings, *, seed: int = 0
) -> float | None:
    """Return d² as it would be with endless sets: FAD∞ (Gui et al., ICASSP 2024).

    The estimate's excess falls as 1/N, so a line through the distances of smaller sets, plotted
    over 1/N, meets the axis at the distance itself. Both sets shrink together here, down to half;
    the published way shrinks the judged set alone, which takes the reference for endless and
    leaves its share of the excess, half of it where both are equally large. Whole sounds are left
    out, as the embeddings of one resemble each other.

    Args:
        reference: embeddings of recordings.
        judged: embeddings of what was made.
        seed: of the draws.

    Returns:
        The distance, under 0 at times where it is about 0; None where a set has under four sounds.
    """
    sets = (reference, judged)
    if min(len(each.sounds) for each in sets) < MIN_SOUNDS:
        return None
    generator = seeded(seed)
    shares = np.repeat(np.linspace(0.5, 1.0, N_SIZES), N_DRAWS)
    distances = [
        squared_distance(*(Gaussian.of(_drawn(each, share, generator)) for each in sets))
        for share in shares
    ]
    return float(np.polyfit(1 / shares, distances, 1)[1])


def _drawn(embeddings: Embeddings, share: float, generator: torch.Generator) -> Embeddings:
    n_sounds = len(embeddings.sounds)
    order = torch.randperm(n_sounds, generator=generator)
    return embeddings.of(order[: round(share * n_sounds)].tolist())


def distance_interval(
    reference: Embeddings, judged: Embeddings, *, seed: int = 0
) -> Interval | None:
    """Return the 95 % interval of d² over sounds, free of the excess as the extrapolation is.

    Both sets are drawn again with replacement, by whole sounds. That adds the excess a second
    time, so the interval is the draws' quantiles mirrored at the plain distance (basic bootstrap,
    Davison & Hinkley 1997, §5.2); of Gaussian sets it held the truth 36 to 40 times in 40.

    Args:
        reference: embeddings of recordings.
        judged: embeddings of what was made.
        seed: of the draws.

    Returns:
        Its ends, the lower one under 0 where the sets may not differ at all; None where a set has
        under four sounds.
    """
    sets = (reference, judged)
    if min(len(each.sounds) for each in sets) < MIN_SOUNDS:
        return None
    generator = seeded(seed)
    distances = [
        squared_distance(*(Gaussian.of(_drawn_again(each, generator)) for each in sets))
        for _ in range(N_RESAMPLES)
    ]
    plain = squared_distance(Gaussian.of(reference), Gaussian.of(judged))
    low, high = np.quantile(distances, ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2))
    return Interval(float(2 * plain - high), float(2 * plain - low))


def _drawn_again(embeddings: Embeddings, generator: torch.Generator) -> Embeddings:
    n_sounds = len(embeddings.sounds)
    return embeddings.of(torch.randint(n_sounds, (n_sounds,), generator=generator).tolist())

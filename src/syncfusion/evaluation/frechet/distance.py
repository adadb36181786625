"""Fréchet distance between two sets of sounds: how far apart their embeddings' Gaussians are.

Over VGGish embeddings it is the Fréchet audio distance (FAD; Kilgour et al., Interspeech 2019).
Written here because of the ready packages one returns -1 on any error and two do not install
beside the rest. The plain figure is too high for small sets, and the more so the smaller: compare
only figures of the same embedder and the same N, or the extrapolated ones.
"""

from typing import NamedTuple

from syncfusion.errors import InputError
from syncfusion.evaluation.frechet.embedders import Embeddings
from syncfusion.evaluation.frechet.extrapolation import distance_interval, extrapolated_distance
from syncfusion.evaluation.frechet.gaussian import Gaussian, squared_distance
from syncfusion.evaluation.statistics import Interval


class FrechetDistance(NamedTuple):
    """The distance of a set of sounds from a reference set, with all that a figure needs beside it.

    Args:
        distance: d², 0 for equal sets.
        extrapolated: what it would be with as many sounds as one likes (FAD∞); it can be under 0
            where the sets do not differ; None under four sounds.
        interval: 95 % interval of that over sounds; None under four.
        n_sounds: sounds of the reference and of the judged set.
        n_frames: their embeddings.
        n_features: of an embedding; with no more frames than that the distance is crude.
        embedder: name.
        weights: sha256 of the embedder's weights, or "none".
        dtype: of the embeddings.
        libraries: versions, by name.
    """

    distance: float
    extrapolated: float | None
    interval: Interval | None
    n_sounds: tuple[int, int]
    n_frames: tuple[int, int]
    n_features: int
    embedder: str
    weights: str
    dtype: str
    libraries: dict[str, str]


def frechet_distance(
    reference: Embeddings, judged: Embeddings, *, seed: int = 0
) -> FrechetDistance:
    """Measure how far a set of sounds is from a reference set.

    Args:
        reference: embeddings of recordings.
        judged: embeddings of what was made, by the same embedder.
        seed: of the draws behind extrapolation and interval.

    Returns:
        The plain and the extrapolated distance with its interval, and what they rest on.

    Raises:
        InputError: if a set has fewer than two embeddings, or the embedders differ.
    """
    for name in ("embedder", "weights", "dtype"):
        if getattr(reference, name) != getattr(judged, name):
            raise InputError(
                f"the sets were embedded with {name} {getattr(reference, name)!r} and "
                f"{getattr(judged, name)!r}; use the same for both"
            )
    first, second = Gaussian.of(reference), Gaussian.of(judged)
    return FrechetDistance(
        squared_distance(first, second),
        extrapolated_distance(reference, judged, seed=seed),
        distance_interval(reference, judged, seed=seed),
        (first.n_sounds, second.n_sounds),
        (first.n_frames, second.n_frames),
        len(first.mean),
        judged.embedder,
        judged.weights,
        judged.dtype,
        judged.libraries,
    )

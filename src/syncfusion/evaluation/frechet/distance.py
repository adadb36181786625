"""Fréchet distance between two sets of sounds: the distance of their embeddings' Gaussians.

Over VGGish embeddings it is the Fréchet audio distance (FAD; Kilgour et al., Interspeech 2019).
It is implemented here because one of the available packages returns -1 on any error and two cannot
be installed beside the other requirements. The plain distance of small sets is biased upwards, the
more so the smaller they are: compare only values of the same embedder and the same N, or FAD∞.
"""

from typing import NamedTuple

from syncfusion.errors import InputError
from syncfusion.evaluation.frechet.embedders import Embeddings
from syncfusion.evaluation.frechet.extrapolation import distance_interval, extrapolated_distance
from syncfusion.evaluation.frechet.gaussian import Gaussian, squared_distance
from syncfusion.evaluation.statistics import Interval


class FrechetDistance(NamedTuple):
    """The distance of a set of sounds from a reference set, and what it was computed from.

    Args:
        distance: d², 0 for equal sets.
        extrapolated: FAD∞, the distance extrapolated to infinitely many sounds; it can be negative
            if the sets do not differ; None for fewer than four sounds.
        interval: 95 % interval of ``extrapolated`` over sounds; None for fewer than four.
        n_sounds: number of sounds of the reference and of the generated set.
        n_frames: number of their embeddings.
        n_features: size of an embedding; with no more frames than that the distance is unreliable.
        embedder: name of the embedder.
        weights: sha256 of the embedder's weights, or "none".
        dtype: dtype of the embeddings.
        libraries: versions by library name.
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
    reference: Embeddings, generated: Embeddings, *, seed: int = 0
) -> FrechetDistance:
    """Compute the Fréchet distance of a set of sounds from a reference set.

    Args:
        reference: embeddings of recordings.
        generated: embeddings of generated sounds, by the same embedder.
        seed: seed of the random subsets behind extrapolation and interval.

    Returns:
        The plain and the extrapolated distance, the latter's interval, and their inputs.

    Raises:
        InputError: if a set has fewer than two embeddings, or the embedders differ.
    """
    for name in ("embedder", "weights", "dtype"):
        if getattr(reference, name) != getattr(generated, name):
            raise InputError(
                f"the sets were embedded with {name} {getattr(reference, name)!r} and "
                f"{getattr(generated, name)!r}; use the same for both"
            )
    first, second = Gaussian.of(reference), Gaussian.of(generated)
    return FrechetDistance(
        squared_distance(first, second),
        extrapolated_distance(reference, generated, seed=seed),
        distance_interval(reference, generated, seed=seed),
        (first.n_sounds, second.n_sounds),
        (first.n_frames, second.n_frames),
        len(first.mean),
        generated.embedder,
        generated.weights,
        generated.dtype,
        generated.libraries,
    )

"""Gaussian fitted to a set of embeddings, and the Fréchet distance of two Gaussians.

d² = |μ₁ - μ₂|² + tr(Σ₁ + Σ₂ - 2 (Σ₁ Σ₂)^½)   (Dowson & Landau 1982; Fréchet, Wasserstein-2)
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from syncfusion.errors import InputError
from syncfusion.evaluation.frechet.embedders import NO_WEIGHTS, Embeddings


@dataclass(frozen=True)
class Gaussian:
    """Mean and covariance of a set's embeddings, in float64.

    Args:
        mean: mean per feature.
        covariance: unbiased covariance.
        n_frames: number of embeddings.
        n_sounds: number of sounds.
        embedder: name of the embedder.
        weights: sha256 of the embedder's weights, or "none".
    """

    mean: Float[Tensor, " feature"]
    covariance: Float[Tensor, "feature feature"]
    n_frames: int
    n_sounds: int
    embedder: str
    weights: str = NO_WEIGHTS

    @classmethod
    def of(cls, embeddings: Embeddings) -> "Gaussian":
        """Fit a Gaussian.

        Args:
            embeddings: the embeddings of one set.

        Returns:
            The Gaussian.

        Raises:
            InputError: if there are fewer than two embeddings, or one is not finite.
        """
        frames = embeddings.frames()
        if len(frames) < 2:
            raise InputError(
                f"a Fréchet distance needs 2 embeddings or more in each set, and "
                f"{len(embeddings.sounds)} sound(s) gave {len(frames)}; give more sounds"
            )
        if not frames.isfinite().all():
            raise InputError(
                f"some {embeddings.embedder} embeddings are not finite; "
                "check the sounds for samples that are not finite"
            )
        return cls(
            frames.mean(0),
            torch.atleast_2d(torch.cov(frames.T)),
            len(frames),
            len(embeddings.sounds),
            embeddings.embedder,
            embeddings.weights,
        )


def squared_distance(first: Gaussian, second: Gaussian) -> float:
    """Return d² of two Gaussians.

    tr (Σ₁ Σ₂)^½ is the sum of the square roots of the eigenvalues of Σ₁^½ Σ₂ Σ₁^½. That matrix is
    symmetric, so there are no imaginary parts, and covariances may lack full rank.
    """
    values, vectors = torch.linalg.eigh(first.covariance)
    root = vectors * values.clamp_min(0).sqrt() @ vectors.T
    product = root @ second.covariance @ root
    overlap = torch.linalg.eigvalsh((product + product.T) / 2).clamp_min(0).sqrt().sum()
    spread = first.covariance.trace() + second.covariance.trace() - 2 * overlap
    return float((first.mean - second.mean).square().sum() + spread)

"""What the onset net is trained on: labels smeared over frames, and weighted cross-entropy."""

from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

PositiveWeight = float | Literal["balanced"]  # how much more an onset frame weighs than another


def smeared_labels(
    positions: Float[Tensor, " onset"], *, n_frames: int, sigma: float
) -> Float[Tensor, " frame"]:
    """Return a Gaussian hump of height 1 around each onset.

    Args:
        positions: onsets in frames, fractions allowed, anywhere.
        n_frames: length of the result.
        sigma: width of a hump in frames, more than 0. Annotations are a frame early or late, so
            that frame is half right (Schlüter & Böck 2014, §4.1, smear audio onsets likewise).

    Returns:
        Values from 0 to 1; the higher hump where two overlap.
    """
    if len(positions) == 0:
        return torch.zeros(n_frames)
    distances = torch.arange(n_frames)[:, None] - positions
    return torch.exp(-0.5 * (distances / sigma) ** 2).amax(dim=1)


def onset_loss(
    logits: Float[Tensor, "*batch frame"],
    labels: Float[Tensor, "*batch frame"],
    *,
    positive_weight: PositiveWeight,
) -> Float[Tensor, ""]:
    """Return the mean cross-entropy per frame, onsets weighted up.

    Args:
        logits: what the net says.
        labels: 0 to 1.
        positive_weight: a number, or "balanced": as often as other frames outnumber onset frames
            here, which is the published weight. At least one onset frame is counted, so that a
            loss without any is finite.

    Returns:
        The mean over all frames.
    """
    if positive_weight == "balanced":
        weight = (labels.numel() - labels.sum()) / labels.sum().clamp(min=1)
    else:
        weight = torch.tensor(positive_weight, device=logits.device)
    return functional.binary_cross_entropy_with_logits(logits.float(), labels, pos_weight=weight)


def logits_of(probabilities: Float[Tensor, "*batch frame"]) -> Float[Tensor, "*batch frame"]:
    """Turn probabilities back into logits; from -16 to 16, as single precision can tell them."""
    return probabilities.logit(eps=1e-7)

"""Targets and loss of the onset net: widened targets and weighted cross-entropy."""

from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

PositiveWeight = float | Literal["balanced"]  # weight of an onset frame relative to another


def widened_targets(
    positions: Float[Tensor, " onset"], *, n_frames: int, sigma: float
) -> Float[Tensor, " frame"]:
    """Return targets with a Gaussian of height 1 around each onset.

    Args:
        positions: onsets in frames; fractions and positions outside the frames are allowed.
        n_frames: length of the result.
        sigma: standard deviation of the Gaussians in frames, above 0. Annotations are up to a frame
            early or late, so neighbouring frames get partial credit (Schlüter & Böck 2014, §4.1,
            widen the targets of audio onsets likewise).

    Returns:
        Values from 0 to 1; the maximum where Gaussians overlap.
    """
    if len(positions) == 0:
        return torch.zeros(n_frames)
    distances = torch.arange(n_frames)[:, None] - positions
    return torch.exp(-0.5 * (distances / sigma) ** 2).amax(dim=1)


def balanced_weight(labels: Float[Tensor, "*batch frame"]) -> Float[Tensor, ""]:
    """Return the published weight of onset frames: other frames divided by onset frames.

    Args:
        labels: targets, 0 to 1, of the whole batch.

    Returns:
        The weight; at least one onset frame is counted, so it is finite without any.
    """
    return (labels.numel() - labels.sum()) / labels.sum().clamp(min=1)


def onset_loss(
    logits: Float[Tensor, "*batch frame"],
    labels: Float[Tensor, "*batch frame"],
    *,
    positive_weight: PositiveWeight | Float[Tensor, ""],
) -> Float[Tensor, ""]:
    """Return the mean cross-entropy per frame, with a weight on onset frames.

    Args:
        logits: output of the net.
        labels: targets, 0 to 1.
        positive_weight: a number, or "balanced" for ``balanced_weight`` of the labels.

    Returns:
        The mean over all frames.
    """
    if positive_weight == "balanced":
        weight = balanced_weight(labels)
    else:
        weight = torch.as_tensor(positive_weight, device=logits.device)
    return functional.binary_cross_entropy_with_logits(logits.float(), labels, pos_weight=weight)


def logits_of(probabilities: Float[Tensor, "*batch frame"]) -> Float[Tensor, "*batch frame"]:
    """Return the logits of probabilities, limited to -16 to 16 by single precision."""
    return probabilities.logit(eps=1e-7)

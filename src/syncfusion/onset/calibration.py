"""Calibration: probabilities that say how often an onset is really there (Platt 1999).

Smeared labels and a weight on positives make a detector too sure of itself. A line through its
logits, fitted on clips that it did not train on, puts that right, and becomes part of its weights.
"""

from collections.abc import Sequence
from typing import NamedTuple, cast

import numpy as np
import torch
from torch import nn

from syncfusion.errors import InputError
from syncfusion.onset.net import VideoOnsetNet

N_BINS = 10  # of the reliability that is reported


class Calibration(NamedTuple):
    """Calibrated logit = scale · logit + shift."""

    scale: float
    shift: float

    def __call__(self, probabilities: Sequence[float]) -> list[float]:
        """Return calibrated probabilities."""
        logits = self.scale * torch.tensor(probabilities).double().logit() + self.shift
        return logits.sigmoid().tolist()


def fit_calibration(confidences: Sequence[float], right: Sequence[bool]) -> Calibration:
    """Fit a calibration to peaks of the detector's output.

    Args:
        confidences: probability of each peak, above 0 and below 1.
        right: whether an onset is there.

    Returns:
        The most likely one.

    Raises:
        InputError: if all peaks are right, or none is, or the surer ones are the less right.
    """
    from sklearn.linear_model import LogisticRegression

    n_right = sum(right)
    if not 0 < n_right < len(right):
        raise InputError(
            f"{n_right} of {len(right)} peaks are right; calibration takes some of either kind, "
            "so give more clips that the detector has not trained on"
        )
    logits = torch.tensor(confidences).double().logit()[:, None].numpy()
    model = LogisticRegression(C=np.inf).fit(logits, np.array(right))
    scale, shift = float(model.coef_[0, 0]), float(model.intercept_[0])
    if scale <= 0:
        raise InputError(
            "the detector is no surer where onsets are than elsewhere; train it longer, "
            "or check that the clips and their annotation belong together"
        )
    return Calibration(scale, shift)


@torch.no_grad()
def calibrate(net: VideoOnsetNet, calibration: Calibration) -> None:
    """Make a calibration part of a net's last layer."""
    last = cast("nn.Linear | nn.Conv1d", net.fc[-1])
    last.weight.mul_(calibration.scale)
    cast(torch.Tensor, last.bias).mul_(calibration.scale).add_(calibration.shift)


def calibration_error(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """Return the expected calibration error over ten bins (Naeini et al., AAAI 2015)."""
    sure, found = np.array(confidences), np.array(right, dtype=float)
    bins = np.minimum((sure * N_BINS).astype(int), N_BINS - 1)
    gaps = [abs(sure[bins == n].sum() - found[bins == n].sum()) for n in np.unique(bins)]
    return float(sum(gaps) / len(sure))

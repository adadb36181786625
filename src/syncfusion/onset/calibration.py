"""Calibration: probabilities that equal the frequency of true onsets (Platt 1999).

Widened targets and a weight on positives make a detector overconfident. A linear map of its logits,
fitted on clips that it was not trained on, corrects this and becomes part of its weights.
"""

from collections.abc import Sequence
from typing import NamedTuple, cast

import numpy as np
import torch
from torch import nn

from syncfusion.errors import InputError
from syncfusion.onset.motion import MotionOnsetNet
from syncfusion.onset.net import VideoOnsetNet

N_BINS = 10  # of the expected calibration error


class Calibration(NamedTuple):
    """Calibrated logit = scale · logit + shift."""

    scale: float
    shift: float

    def __call__(self, probabilities: Sequence[float]) -> list[float]:
        """Return calibrated probabilities."""
        logits = self.scale * torch.tensor(probabilities).double().logit() + self.shift
        return logits.sigmoid().tolist()


def fit_calibration(confidences: Sequence[float], correct: Sequence[bool]) -> Calibration:
    """Fit a calibration to peaks of the detector's output.

    Args:
        confidences: probability of each peak, above 0 and below 1.
        correct: whether the reference has an onset at the peak.

    Returns:
        The maximum-likelihood fit.

    Raises:
        InputError: if all peaks are correct, or none is, or correctness falls with confidence.
    """
    from sklearn.linear_model import LogisticRegression

    n_correct = sum(correct)
    if not 0 < n_correct < len(correct):
        raise InputError(
            f"{n_correct} of {len(correct)} peaks are correct; calibration needs some of either "
            "kind, so give more clips that the detector was not trained on"
        )
    logits = torch.tensor(confidences).double().logit()[:, None].numpy()
    model = LogisticRegression(C=np.inf).fit(logits, np.array(correct))
    scale, shift = float(model.coef_[0, 0]), float(model.intercept_[0])
    if scale <= 0:
        raise InputError(
            "the detector's probabilities are no higher at onsets than elsewhere; train it longer, "
            "or check that the clips and their annotations belong together"
        )
    return Calibration(scale, shift)


@torch.no_grad()
def calibrate(net: VideoOnsetNet | MotionOnsetNet, calibration: Calibration) -> None:
    """Merge a calibration into the weights of a net's last layer, or after a motion net's curve."""
    if isinstance(net, MotionOnsetNet):
        net.calibration.mul_(calibration.scale)
        net.calibration[1] += calibration.shift
        return
    last = cast("nn.Linear | nn.Conv1d", net.fc[-1])
    last.weight.mul_(calibration.scale)
    cast(torch.Tensor, last.bias).mul_(calibration.scale).add_(calibration.shift)


def calibration_error(confidences: Sequence[float], correct: Sequence[bool]) -> float:
    """Return the expected calibration error over ten bins (Naeini et al., AAAI 2015)."""
    confidence, hits = np.array(confidences), np.array(correct, dtype=float)
    bins = np.minimum((confidence * N_BINS).astype(int), N_BINS - 1)
    gaps = [abs(confidence[bins == n].sum() - hits[bins == n].sum()) for n in np.unique(bins)]
    return float(sum(gaps) / len(confidence))

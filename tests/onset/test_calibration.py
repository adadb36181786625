import random

import pytest
import torch

from syncfusion.errors import InputError
from syncfusion.onset.calibration import Calibration, calibrate, calibration_error, fit_calibration
from syncfusion.onset.net import OnsetNetConfig, VideoOnsetNet
from syncfusion.timing import seeded


def peaks(scale: float, shift: float, count: int = 4000) -> tuple[list[float], list[bool]]:
    """Confidences of a detector that is wrong about itself by a line, and what is there."""
    rng = random.Random(0)
    true = [rng.uniform(0.02, 0.98) for _ in range(count)]
    correct = [rng.random() < probability for probability in true]
    logits = (torch.tensor(true).double().logit() - shift) / scale
    return logits.sigmoid().tolist(), correct


def test_the_line_by_which_a_detector_is_wrong_is_found():
    found = fit_calibration(*peaks(1.5, -1.0))
    assert found.scale == pytest.approx(1.5, rel=0.1)
    assert found.shift == pytest.approx(-1.0, abs=0.1)


def test_calibrated_probabilities_are_the_frequencies_of_onsets():
    confidences, correct = peaks(1.5, -1.0)
    assert calibration_error(confidences, correct) > 0.12
    calibrated = fit_calibration(confidences, correct)(confidences)
    assert calibration_error(calibrated, correct) < 0.03


def test_the_error_is_the_mean_gap_between_confidence_and_accuracy_of_the_bins():
    assert calibration_error([0.95, 0.95, 0.15], [True, False, False]) == pytest.approx(
        (2 * 0.45 + 0.15) / 3
    )


@pytest.mark.parametrize("correct", [[True, True], [False, False]])
def test_peaks_of_one_kind_cannot_calibrate(correct):
    with pytest.raises(InputError, match="of 2 peaks are correct"):
        fit_calibration([0.2, 0.8], correct)


def test_a_detector_that_is_surer_where_nothing_is_cannot_be_calibrated():
    confidences, correct = peaks(1.0, 0.0, 200)
    with pytest.raises(InputError, match="no higher at onsets"):
        fit_calibration([1 - each for each in confidences], correct)


@torch.no_grad()
@pytest.mark.parametrize("head", ["linear", "temporal"])
def test_a_calibrated_net_returns_the_calibrated_logits(head):
    net = VideoOnsetNet(OnsetNetConfig(width=2, hidden=4, head=head)).eval()
    frames = torch.randn(1, 3, 5, 16, 16, generator=seeded(0))
    before = net(frames)
    calibrate(net, Calibration(1.5, -0.25))
    torch.testing.assert_close(net(frames), 1.5 * before - 0.25)

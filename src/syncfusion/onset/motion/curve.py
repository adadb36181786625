"""From a video's motion to the probability of an onset over time."""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float
from torch import Tensor

from syncfusion.onset.decode import Decoding, decode_at_times
from syncfusion.onset.motion.inputs import MotionInput, motion_input
from syncfusion.onset.motion.lag import LEAD, picture_lag
from syncfusion.onset.motion.net import MotionOnsetNet
from syncfusion.onset.motion.stream import Motion
from syncfusion.onset.motion.strength import StrengthModel, relative_gains
from syncfusion.timing import frame_time
from syncfusion.track import OnsetTrack

SMOOTHING = 0.025  # seconds; standard deviation


@dataclass(frozen=True)
class OnsetCurve:
    """The probability of an onset at the frames' own times.

    Args:
        times: seconds, ascending.
        probabilities: calibrated, 0 to 1.
        duration: of the video in seconds.
        strengths: natural logarithm of the gain of an event at each frame, up to a constant; None
            for equal gains.
        cuts: seconds of shot cuts, ascending; none where the detector does not see them.
    """

    times: Float[np.ndarray, " frame"]
    probabilities: Float[np.ndarray, " frame"]
    duration: float
    strengths: Float[np.ndarray, " frame"] | None = None
    cuts: tuple[float, ...] = ()

    @classmethod
    def at_rate(
        cls, probabilities: Float[Tensor, " frame"], fps: float, duration: float
    ) -> "OnsetCurve":
        """Return the curve of frames at a constant rate, the first one at 0 s."""
        times = np.array([frame_time(number, fps) for number in range(len(probabilities))])
        return cls(times, probabilities.detach().double().cpu().numpy(), duration)

    def onsets(self, decoding: Decoding) -> OnsetTrack:
        """Return the curve's peaks, their gains relative to the median one."""
        track = decode_at_times(
            self.probabilities, self.times, duration=self.duration, decoding=decoding
        )
        if self.strengths is None:
            return track
        places = np.interp(track.times, self.times, np.arange(len(self.times))).round()
        return replace(track, gains=relative_gains(self.strengths[places.astype(int)]))


def onset_curve(
    net: MotionOnsetNet, motion: Motion, strength: StrengthModel | None = None
) -> OnsetCurve:
    """Return a net's calibrated, smoothed output for a video.

    Args:
        net: in eval mode.
        motion: of the video.
        strength: gives gains from motion; None for equal ones.

    Returns:
        The curve at the times of the video's frames.
    """
    inputs = motion_input(motion, with_features=bool(net.features))
    curve = curve_of(net, inputs, motion.times, motion.duration)
    curve = replace(curve, cuts=motion.cuts)
    if strength is None:
        return curve
    return replace(curve, strengths=strength.curve(inputs.grid[0], motion.times))


def curve_of(
    net: MotionOnsetNet,
    inputs: MotionInput,
    times: Float[np.ndarray, " frame"],
    duration: float,
) -> OnsetCurve:
    """Return a net's calibrated, smoothed output.

    Args:
        net: in eval mode.
        inputs: of one video.
        times: of its frames, evenly spaced.
        duration: of the video in seconds.

    Returns:
        Calibrated probabilities; the times are ``LEAD`` seconds and the ``picture_lag`` of the
        net's recordings earlier than the frames', but within the video.
    """
    device = net.calibration.device
    curve = smoothed(net.probabilities(inputs.to(device)).numpy(), times)
    scale, shift = net.calibration.double().tolist()
    logits = np.log(curve + 1e-9) - np.log1p(1e-9 - curve)
    calibrated = 1 / (1 + np.exp(-(scale * logits + shift)))
    lag = picture_lag(times, net.config.picture_lag)
    sounding = np.clip(times - LEAD - lag, 0, duration)
    return OnsetCurve(sounding, calibrated, duration)


def smoothed(
    curve: Float[np.ndarray, " frame"], times: Float[np.ndarray, " frame"]
) -> Float[np.ndarray, " frame"]:
    """Convolve a curve with a Gaussian of ``SMOOTHING`` seconds; its ends are reflected."""
    if len(curve) < 2:
        return curve
    sigma = SMOOTHING / float(np.median(np.diff(times)))
    reach = int(4 * sigma + 0.5)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    padded = np.pad(curve, reach, mode="symmetric")
    return np.convolve(padded, kernel / kernel.sum(), mode="valid")

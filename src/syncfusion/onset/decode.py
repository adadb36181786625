"""Probabilities per frame into onsets; the one decoder of training, evaluation and product."""

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from torch import Tensor

from syncfusion.timing import frame_time
from syncfusion.track import Onset, OnsetTrack

FLOOR = 1e-6  # of probabilities before their logarithm is taken


@dataclass(frozen=True, kw_only=True)
class Decoding:
    """How onsets are picked from probabilities.

    Args:
        threshold: the least probability of an onset, 0 to 1.
        minimum_gap_seconds: of two onsets closer than this the likelier stays.

    Raises:
        ValueError: if one is out of its range.
    """

    threshold: float = 0.6
    minimum_gap_seconds: float = 0.2

    def __post_init__(self) -> None:
        if not (0 <= self.threshold <= 1 and self.minimum_gap_seconds >= 0):
            raise ValueError(
                f"the threshold {self.threshold:g} is to be 0 to 1, "
                f"minimum_gap_seconds {self.minimum_gap_seconds:g} 0 or more"
            )


def decode_onsets(
    probabilities: Float[Tensor, " frame"],
    *,
    fps: float,
    duration: float,
    decoding: Decoding | None = None,
) -> OnsetTrack:
    """Return the local maxima of a detector's output, placed between frames.

    Args:
        probabilities: one per frame, 0 to 1.
        fps: frames per second of the probabilities.
        duration: seconds the clip lasts; no onset is placed at or past it.
        decoding: threshold and gap.

    Returns:
        Onsets with the probability of their peak as confidence. A run of equal frames is one
        onset in its middle.
    """
    decoding = decoding or Decoding()
    curve = probabilities.detach().double().cpu().numpy()
    onsets = []
    for peak in _peaks(curve, decoding, fps):
        time = frame_time(peak + _shift(curve, peak), fps)
        time = time if time < duration else frame_time(peak, fps)
        if time < duration:
            onsets.append(Onset(time, confidence=float(curve[peak])))
    return OnsetTrack.from_onsets(onsets, duration)


def _peaks(curve: np.ndarray, decoding: Decoding, fps: float) -> list[int]:
    """Pick the likeliest local maximum, then the next that is far enough from those picked."""
    gap = max(1, math.ceil(decoding.minimum_gap_seconds * fps - 1e-6))
    found = [peak for peak in _local_maxima(curve) if curve[peak] >= decoding.threshold]
    picked: list[int] = []
    for peak in sorted(found, key=lambda peak: -curve[peak]):
        if all(abs(peak - other) >= gap for other in picked):
            picked.append(peak)
    return sorted(picked)


def _local_maxima(curve: np.ndarray) -> list[int]:
    """Return the middles of the runs of equal frames that are higher than both neighbours."""
    if not len(curve):
        return []
    edges = np.flatnonzero(np.diff(curve)) + 1
    starts, ends = np.append(0, edges), np.append(edges, len(curve))
    heights = np.pad(curve[starts], 1, constant_values=-1.0)  # the first and last run can peak
    highest = (heights[1:-1] > heights[:-2]) & (heights[1:-1] > heights[2:])
    return [int(middle) for middle in ((starts + ends - 1) // 2)[highest]]


def _shift(curve: np.ndarray, peak: int) -> float:
    """Return where between frames the peak is, -0.5 to 0.5: exact for a Gaussian hump."""
    if not 0 < peak < len(curve) - 1:
        return 0.0
    left, middle, right = np.log(np.maximum(curve[peak - 1 : peak + 2], FLOOR))
    bend = left - 2 * middle + right
    return 0.0 if bend >= 0 else float(np.clip(0.5 * (left - right) / bend, -0.5, 0.5))

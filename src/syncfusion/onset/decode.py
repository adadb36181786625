"""From probabilities per frame to onsets: one decoder for training, evaluation and product."""

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from torch import Tensor

from syncfusion.timing import frame_time
from syncfusion.track import Onset, OnsetTrack

FLOOR = 1e-6  # lower bound of probabilities before the logarithm


@dataclass(frozen=True, kw_only=True)
class Decoding:
    """Settings of peak picking.

    Args:
        threshold: lowest probability of an onset, 0 to 1.
        minimum_gap_seconds: of two onsets closer than this, the more probable one is kept.

    Raises:
        ValueError: if a setting is out of its range.
    """

    threshold: float = 0.6
    minimum_gap_seconds: float = 0.2

    def __post_init__(self) -> None:
        if not (0 <= self.threshold <= 1 and self.minimum_gap_seconds >= 0):
            raise ValueError(
                f"threshold is {self.threshold:g} and must be 0 to 1; minimum_gap_seconds is "
                f"{self.minimum_gap_seconds:g} and must be 0 or more"
            )


def decode_onsets(
    probabilities: Float[Tensor, " frame"],
    *,
    fps: float,
    duration: float,
    decoding: Decoding | None = None,
) -> OnsetTrack:
    """Return the local maxima of a detector's output, with interpolated times.

    Args:
        probabilities: one per frame, 0 to 1.
        fps: frames per second of the probabilities.
        duration: length of the clip in seconds; every onset lies before it.
        decoding: threshold and gap; None for the defaults.

    Returns:
        Onsets whose confidence is the probability at their peak. A run of equal frames gives one
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


def decode_at_times(
    probabilities: Float[np.ndarray, " frame"],
    times: Float[np.ndarray, " frame"],
    *,
    duration: float,
    decoding: Decoding | None = None,
) -> OnsetTrack:
    """Return the local maxima of a detector's output at the frames' own times.

    Args:
        probabilities: one per frame, 0 to 1.
        times: seconds of the frames, ascending; they may be uneven.
        duration: length of the clip in seconds; every onset lies before it.
        decoding: threshold and gap; None for the defaults.

    Returns:
        Onsets between the frames' times where the curve has its peak; their confidence is the
        probability there.
    """
    decoding = decoding or Decoding()
    candidates = [n for n in _local_maxima(probabilities) if probabilities[n] >= decoding.threshold]
    picked: list[int] = []
    for peak in sorted(candidates, key=lambda peak: -probabilities[peak]):
        distances = [abs(times[peak] - times[other]) for other in picked]
        if min(distances, default=np.inf) >= decoding.minimum_gap_seconds - 1e-6:
            picked.append(peak)
    onsets = []
    for peak in sorted(picked):
        place = peak + _shift(probabilities, peak)
        time = float(np.interp(place, np.arange(len(times)), times))
        if time < duration:
            onsets.append(Onset(time, confidence=float(probabilities[peak])))
    return OnsetTrack.from_onsets(onsets, duration)


def _peaks(curve: np.ndarray, decoding: Decoding, fps: float) -> list[int]:
    """Pick maxima by falling probability, each at least the gap away from those picked before."""
    gap = max(1, math.ceil(decoding.minimum_gap_seconds * fps - 1e-6))
    candidates = [peak for peak in _local_maxima(curve) if curve[peak] >= decoding.threshold]
    picked: list[int] = []
    for peak in sorted(candidates, key=lambda peak: -curve[peak]):
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
    """Return the peak's offset from its frame, -0.5 to 0.5 frames; exact for a Gaussian."""
    if not 0 < peak < len(curve) - 1:
        return 0.0
    left, middle, right = np.log(np.maximum(curve[peak - 1 : peak + 2], FLOOR))
    bend = left - 2 * middle + right
    return 0.0 if bend >= 0 else float(np.clip(0.5 * (left - right) / bend, -0.5, 0.5))

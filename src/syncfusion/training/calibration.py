"""Calibration of an onset detector on clips it did not train on.

Peaks of the detector's output are compared with the annotation (±100 ms); a line through the logits
is fitted to them and becomes part of the weights. The order of peaks stays; their probabilities and
the best threshold change.
"""

from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

import torch

from syncfusion.checkpoint import load_onset, save_onset
from syncfusion.evaluation import ranked_onsets
from syncfusion.onset import (
    Calibration,
    Decoding,
    MotionOnsetNet,
    SlidingWindow,
    VideoOnsetNet,
    at_size,
    calibrate,
    calibration_error,
    clip_names,
    curve_of,
    decode_onsets,
    event_scores,
    fit_calibration,
    onset_probabilities,
    open_motion_clips,
    open_split,
)
from syncfusion.places import logs_folder
from syncfusion.track import OnsetTrack

EVERY_PEAK = Decoding(threshold=0.02)
THRESHOLDS = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6)

Pairs = list[tuple[OnsetTrack, OnsetTrack]]  # reference, and every peak, of each clip


def calibrate_detector(
    data: Path,
    checkpoint: Path,
    *,
    frame_size: int = 80,
    split: str = "val",
    others: Sequence[str] = ("test",),
    output: Path | None = None,
) -> dict[str, Any]:
    """Fit a detector's probabilities to a split.

    Args:
        data: folder of processed videos; for a detector of motion of raw ones, too.
        checkpoint: anything ``load_onset`` reads.
        frame_size: height and width of the frames, in pixels.
        split: clips to fit to.
        others: splits to evaluate as well.
        output: folder the calibrated weights are written to; None writes nothing.

    Returns:
        The fitted line, and for each split the calibration error before and after and the F
        measure at some thresholds.

    Raises:
        InputError: if clips or weights cannot be read, or the clips do not suffice.
    """
    net = load_onset(checkpoint)
    found = {name: _detect(net, data, frame_size, name) for name in dict.fromkeys([split, *others])}
    calibration = fit_calibration(*_confidences(found[split]))
    line = {"scale": calibration.scale, "shift": calibration.shift}
    metrics = {name: _evaluate(pairs, calibration) for name, pairs in found.items()}
    if output is not None:
        calibrate(net, calibration)
        save_onset(net, output, dtype=torch.float16)
    return {"logit": line, **metrics}


def _detect(net: VideoOnsetNet | MotionOnsetNet, data: Path, frame_size: int, split: str) -> Pairs:
    if isinstance(net, MotionOnsetNet):
        clips = open_motion_clips(data, clip_names(data, [split]), cache=logs_folder() / "motion")
        curves = [curve_of(net, clip.inputs, clip.times, clip.duration) for clip in clips]
        peaks = [curve.onsets(EVERY_PEAK) for curve in curves]
        return list(zip([clip.track for clip in clips], peaks, strict=True))
    found = []
    for clip in at_size(open_split(data, split), (frame_size, frame_size)):
        curve = onset_probabilities(net, clip.batches(), sliding_window=SlidingWindow())
        peaks = decode_onsets(curve, fps=clip.fps, duration=clip.duration, decoding=EVERY_PEAK)
        found.append((clip.track, peaks))
    return found


def _confidences(pairs: Pairs) -> tuple[list[float], list[bool]]:
    """Return every peak's confidence, and whether an onset is there."""
    peaks = [peak for reference, estimate in pairs for peak in ranked_onsets(reference, estimate)]
    return [peak.confidence for peak in peaks], [peak.is_match for peak in peaks]


def _evaluate(pairs: Pairs, calibration: Calibration) -> dict[str, Any]:
    confidences, right = _confidences(pairs)
    metrics: dict[str, Any] = {"peaks": len(confidences)}
    if confidences:
        metrics["calibration error before"] = calibration_error(confidences, right)
        metrics["calibration error after"] = calibration_error(calibration(confidences), right)
    for threshold in THRESHOLDS:
        scores = [_f_measure(*pair, calibration, threshold) for pair in pairs]
        metrics[f"F ±100 ms at threshold {threshold:.2f}"] = fmean(scores)
    return metrics


def _f_measure(
    reference: OnsetTrack, peaks: OnsetTrack, calibration: Calibration, threshold: float
) -> float:
    """Return F ±100 ms of the peaks whose calibrated confidence reaches a threshold."""
    confidences = calibration(peaks.confidences)
    times = [time for time, each in zip(peaks.times, confidences, strict=True) if each >= threshold]
    return event_scores(reference, OnsetTrack(times, reference.duration)).f_measure

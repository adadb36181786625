"""Scores of held-out clips: thresholds that other folds choose, metrics and their table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from syncfusion.evaluation import bootstrap_interval
from syncfusion.onset import (
    Decoding,
    EventScores,
    OnsetCurve,
    event_scores,
    fit_calibration,
    matched_onsets,
)
from syncfusion.track import OnsetTrack

THRESHOLDS = np.arange(0.04, 0.97, 0.02)
LOWEST_PEAK = 0.03
TOLERANCES = (0.1, 0.05)  # seconds
NEIGHBOURS = 5  # thresholds over which F is averaged before the best is chosen


@dataclass(frozen=True)
class ScoredClip:
    """A clip and a detector's output for it.

    Args:
        name: its id.
        fold: that held it out, or of the nets that were trained on it.
        curve: the output.
        reference: annotated onsets.
    """

    name: str
    fold: int
    curve: OnsetCurve
    reference: OnsetTrack

    def estimate(self, threshold: float) -> OnsetTrack:
        """Return the onsets at a threshold; the gap is the default one."""
        return self.curve.onsets(Decoding(threshold=threshold))


class CrossValidation(NamedTuple):
    """Scores of held-out clips.

    Args:
        names: ids of the clips.
        scores: of each clip within 100 ms, at its fold's threshold.
        f_50: F within 50 ms.
        thresholds: of each fold.
        best_threshold: the best one over all held-out clips.
        f_training: mean F of clips the nets were trained on, at the same thresholds.
    """

    names: list[str]
    scores: list[EventScores]
    f_50: list[float]
    thresholds: dict[int, float]
    best_threshold: float
    f_training: float


def summarise_folds(held: Sequence[ScoredClip], trained: Sequence[ScoredClip]) -> CrossValidation:
    """Score held-out clips at thresholds that the other folds choose."""
    folds = np.array([clip.fold for clip in held])
    table = np.array([_f_by_threshold(clip) for clip in held])
    chosen = {
        int(fold): float(THRESHOLDS[_steadied(table[folds != fold].mean(0)).argmax()])
        for fold in np.unique(folds)
    }
    estimates = [clip.estimate(chosen[clip.fold]) for clip in held]
    pairs = list(zip(held, estimates, strict=True))
    inside = [event_scores(c.reference, c.estimate(chosen[c.fold])).f_measure for c in trained]
    return CrossValidation(
        [clip.name for clip in held],
        [event_scores(clip.reference, estimate) for clip, estimate in pairs],
        [
            event_scores(clip.reference, estimate, tolerance=TOLERANCES[1]).f_measure
            for clip, estimate in pairs
        ],
        chosen,
        float(THRESHOLDS[_steadied(table.mean(0)).argmax()]),
        float(np.mean(inside)) if inside else float("nan"),
    )


def peak_outcomes(clips: Sequence[ScoredClip]) -> tuple[list[float], list[bool]]:
    """Return the height of every peak, and whether it is matched to an annotated onset."""
    heights, correct = [], []
    for clip in clips:
        peaks = clip.estimate(LOWEST_PEAK)
        hits = {estimate for _, estimate in matched_onsets(clip.reference, peaks)}
        heights += peaks.confidences
        correct += [number in hits for number in range(len(peaks))]
    return heights, correct


def describe_cross_validation(result: CrossValidation, clips: Sequence[ScoredClip]) -> str:
    """Return the table of a cross-validation in Markdown."""
    f_100 = [score.f_measure for score in result.scores]
    mean = {
        "F ±100 ms": f_100,
        "F ±50 ms": result.f_50,
        "precision": [score.precision for score in result.scores],
        "recall": [score.recall for score in result.scores],
    }
    lines = ["| metric | mean | 95 % |", "|---|---|---|"]
    for name, values in mean.items():
        ends = bootstrap_interval(values)
        shown = f"{ends.low:.2f}–{ends.high:.2f}" if ends else ""
        lines.append(f"| {name} | {np.mean(values):.3f} | {shown} |")
    lines.append(f"| F ±100 ms, training clips | {result.f_training:.3f} | |")
    lines.append(f"| gap | {result.f_training - np.mean(f_100):.3f} | |")
    calibration = fit_calibration(*peak_outcomes(clips))
    lines.append("")
    lines.append(f"best threshold {result.best_threshold:.2f}; of each fold {result.thresholds}")
    lines.append(f"calibration: {calibration.scale:.4f} · logit {calibration.shift:+.4f}")
    return "\n".join(lines)


def _f_by_threshold(clip: ScoredClip) -> Float[np.ndarray, " threshold"]:
    return np.array(
        [event_scores(clip.reference, clip.estimate(th)).f_measure for th in THRESHOLDS]
    )


def _steadied(values: Float[np.ndarray, " threshold"]) -> Float[np.ndarray, " threshold"]:
    """Average over neighbouring thresholds, so that no single one is lucky."""
    reach = NEIGHBOURS // 2
    padded = np.pad(values, reach, mode="edge")
    return np.convolve(padded, np.ones(NEIGHBOURS) / NEIGHBOURS, "valid")

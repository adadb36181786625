"""Cross-validation of the detector of motion: every clip is scored by nets that never saw it.

The threshold of a fold is the best one on the other folds' held-out clips, so no metric is chosen
on the clips it is measured on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float

from syncfusion.media import temporary_sibling
from syncfusion.onset import (
    Decoding,
    EventScores,
    MotionClip,
    OnsetCurve,
    curve_of,
    event_scores,
    fit_calibration,
    matched_onsets,
)
from syncfusion.track import OnsetTrack
from syncfusion.training.onset import onset_settings, train_onset

THRESHOLDS = np.arange(0.04, 0.97, 0.02)
LOWEST_PEAK = 0.03
TOLERANCES = (0.1, 0.05)  # seconds
NEIGHBOURS = 5  # thresholds over which F is averaged before the best is chosen
EVERY = 3  # training clips between those that are scored, too
N_BOOTSTRAP = 4000
CONFIDENCE = (0.025, 0.975)

Report = Callable[[str], object]


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


def cross_validate(
    config: str, changes: dict[str, Any], output: Path, *, n_folds: int, report: Report
) -> tuple[list[ScoredClip], list[ScoredClip]]:
    """Train on all folds but one, for each; finished folds are read from their files.

    Args:
        config: file of ``cfg/``, without its ending.
        changes: settings by dotted key.
        output: folder of the trainings and of ``fold-<n>.npz``.
        n_folds: number of folds.
        report: called with a sentence for each fold.

    Returns:
        Held-out clips, and some of the clips each fold was trained on.

    Raises:
        InputError: if a setting or a clip cannot be used.
    """
    held, trained = [], []
    for fold in range(n_folds):
        file = output / f"fold-{fold}.npz"
        if not file.is_file():
            report(f"fold {fold + 1} of {n_folds}: training")
            _write(file, *_run_fold(config, changes, output, fold, n_folds))
        for clip in _read(file, fold):
            (trained if clip.name.startswith(TRAINED) else held).append(clip)
    return held, trained


TRAINED = "trained: "  # before the names of clips the nets were trained on


def _run_fold(
    config: str, changes: dict[str, Any], output: Path, fold: int, n_folds: int
) -> tuple[list[MotionClip], list[MotionClip], Any]:
    settings = {
        "data.fold": fold,
        "data.n_folds": n_folds,
        "seed_everything": fold,
        "data.seed": fold,
        "logger": "csv",
        "trainer.default_root_dir": str(output / f"fold-{fold}"),
        "trainer.enable_model_summary": False,
        "trainer.check_val_every_n_epoch": 1_000_000,
    }
    command = train_onset(onset_settings(config, changes | settings))
    clips = command.datamodule.clips
    trained = [clip for clip in clips["fit"] if not clip.filming]
    return clips["validate"], trained[::EVERY], command.model.model.eval()


def _write(file: Path, held: Sequence[MotionClip], trained: Sequence[MotionClip], net: Any) -> None:
    found = {}
    for mark, clips in (("", held), (TRAINED, trained)):
        for clip in clips:
            curve = curve_of(net, clip.inputs, clip.times, clip.duration)
            rows = np.stack([curve.times, curve.probabilities])
            found |= {f"{mark}{clip.name}": rows, f"{mark}{clip.name}/onsets": clip.track.times}
            found |= {f"{mark}{clip.name}/duration": clip.duration}
    with temporary_sibling(file) as temporary, temporary.open("wb") as written:
        np.savez(written, **found)


def _read(file: Path, fold: int) -> list[ScoredClip]:
    with np.load(file) as stored:
        names = [name for name in stored.files if not name.endswith(("/onsets", "/duration"))]
        found = []
        for name in names:
            duration = float(stored[f"{name}/duration"])
            times, probabilities = stored[name]
            curve = OnsetCurve(times, probabilities, duration)
            reference = OnsetTrack(stored[f"{name}/onsets"].tolist(), duration)
            found.append(ScoredClip(name, fold, curve, reference))
        return found


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


def interval(values: Sequence[float], *, seed: int = 0) -> tuple[float, float]:
    """Return the bootstrap interval, 95 %, of a mean over clips."""
    drawn = np.random.default_rng(seed).integers(len(values), size=(N_BOOTSTRAP, len(values)))
    low, high = np.quantile(np.array(values)[drawn].mean(1), CONFIDENCE)
    return float(low), float(high)


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
        low, high = interval(values)
        lines.append(f"| {name} | {np.mean(values):.3f} | {low:.2f}–{high:.2f} |")
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

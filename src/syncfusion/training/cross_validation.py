"""Cross-validation of the detector of motion: every clip is scored by nets that never saw it.

The threshold of a fold is the best one on the other folds' held-out clips, so no metric is chosen
on the clips it is measured on.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from syncfusion.media import temporary_sibling
from syncfusion.onset import (
    MotionClip,
    OnsetCurve,
    curve_of,
)
from syncfusion.track import OnsetTrack
from syncfusion.training.fold_scores import ScoredClip
from syncfusion.training.onset import onset_settings, train_onset

EVERY = 3  # training clips between those that are scored, too
Report = Callable[[str], object]


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
    with np.load(file, allow_pickle=False) as stored:
        names = [name for name in stored.files if not name.endswith(("/onsets", "/duration"))]
        found = []
        for name in names:
            duration = float(stored[f"{name}/duration"])
            times, probabilities = stored[name]
            curve = OnsetCurve(times, probabilities, duration)
            reference = OnsetTrack(stored[f"{name}/onsets"].tolist(), duration)
            found.append(ScoredClip(name, fold, curve, reference))
        return found

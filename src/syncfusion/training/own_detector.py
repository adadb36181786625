"""A preset whose detector was taught by the user's corrected clips."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from syncfusion.checkpoint import load_onset, save_onset
from syncfusion.errors import InputError
from syncfusion.media import temporary_folder
from syncfusion.onset import KEPT, Decoding, MotionOnsetNet, open_own_clip, read_kept
from syncfusion.places import logs_folder
from syncfusion.progress import Progress, ignore
from syncfusion.training.own_clips import OwnClip
from syncfusion.training.teaching import STEPS, f_measure, mean_f, taught

DETECTOR = ("onset.safetensors", "onset.yaml")
LEFT_OUT = ("onset.ckpt", "README.md")  # of the preset: the former detector, and the card of both


def teach_detector(
    clips: Sequence[OwnClip],
    preset: Path,
    output: Path,
    *,
    decoding: Decoding,
    steps: int = STEPS,
    seed: int = 0,
    cache: Path | None = None,
    progress: Progress = ignore,
) -> dict[str, Any]:
    """Go on from a preset's detector with corrected clips, and write a preset of its own.

    Args:
        clips: from ``find_own_clips``.
        preset: folder of the preset, which stays as it is.
        output: folder of the new preset; the other models are copied.
        decoding: peak picking of the scores.
        steps: of the optimiser; 200 take a minute of one core.
        seed: the same seed gives the same detector on the same machine.
        cache: folder in which motion is kept; None for the usual one.
        progress: called with (stage, done, in all).

    Returns:
        F ±100 ms before and after, of the clips that were learned from, and of the kept ones.

    Raises:
        InputError: if the preset has no detector of motion, or no kept motion.
    """
    net, folder = load_onset(preset), cache or logs_folder() / "motion"
    if not isinstance(net, MotionOnsetNet):
        raise InputError(f"{preset} holds a detector of frames; only one of motion can be taught")
    kept = [clip.open() for clip in read_kept(preset / KEPT)]
    own = [open_own_clip(clip.video, clip.track, cache=folder, progress=progress) for clip in clips]
    student = taught(net, own, kept, steps=steps, seed=seed, progress=progress)
    scores: dict[str, Any] = {
        f"{clip.name}, {len(clip.track)} onsets, learned from": {
            "F ±100 ms before": f_measure(net, clip, decoding),
            "after": f_measure(student, clip, decoding),
        }
        for clip in own
    }
    scores["clips learned from, mean (not a test: they were trained on)"] = _both(
        net, student, own, decoding
    )
    scores["kept clips of the first training, mean"] = _both(net, student, kept, decoding)
    _write(student, preset, output)
    return scores


def preset_files(preset: Path) -> list[str]:
    """Return the names of the files that a taught preset has."""
    names = {file.name for file in preset.iterdir() if file.is_file()}
    return sorted((names | set(DETECTOR)) - set(LEFT_OUT))


def _both(net: MotionOnsetNet, student: MotionOnsetNet, clips, decoding) -> dict[str, float]:
    before, after = (mean_f(each, clips, decoding) for each in (net, student))
    return {"F ±100 ms before": before, "after": after}


def _write(net: MotionOnsetNet, preset: Path, output: Path) -> None:
    output.parent.mkdir(parents=True, exist_ok=True)
    with temporary_folder(output) as temporary:
        save_onset(net, temporary, dtype=torch.float16)
        for name in set(preset_files(preset)) - set(DETECTOR):
            shutil.copyfile(preset / name, temporary / name)
        output.mkdir(exist_ok=True)
        for file in sorted(temporary.iterdir()):
            os.replace(file, output / file.name)

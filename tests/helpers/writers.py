"""Writers of files, each as a function of inputs and the folder that it writes into."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import torch

from helpers.media_files import make_video, regular
from helpers.motion_clips import motion_of_cells, moving_place, strikes
from helpers.presets import make_preset
from helpers.report_files import make_evaluation
from helpers.shard_files import csv, write_processed
from helpers.struck_sounds import struck
from syncfusion.checkpoint import convert
from syncfusion.cli import main
from syncfusion.clip_files import ClipFiles
from syncfusion.evaluation import Evaluation, draw_sound, write_metrics, write_report
from syncfusion.media import (
    encode_sound,
    encode_video,
    probe,
    temporary_sibling,
    write_filmstrip,
    write_wav,
)
from syncfusion.onset.motion.clips import kept_motion
from syncfusion.onset.motion.own import KeptClip, write_kept
from syncfusion.onset.motion.strength import NAMES, StrengthModel
from syncfusion.preprocess import annotate, write_lists
from syncfusion.prompt import CompactPromptEncoder
from syncfusion.recipe.steps import Ledger, Step, StepRecord
from syncfusion.rendering import TakeCache, make_take
from syncfusion.shards import write_set
from syncfusion.studio.folder import ProjectFolder
from syncfusion.studio.work.store import TakeStore
from syncfusion.track import OnsetTrack
from syncfusion.training.run_record import write_record

Writer = Callable[[Path, Path], object]  # inputs, outputs
SOUND = struck([0.2], seconds=0.6)
TRACK = OnsetTrack([0.2], 0.6)
FRAMES = np.random.default_rng(0).integers(0, 255, (10, 64, 64, 3), dtype=np.uint8)
KEY = "0" * 64


def make_inputs(folder: Path) -> Path:
    """Write what writers read."""
    make_video(folder / "clip.mp4", regular(25, 50))
    make_preset(folder / "preset")
    evaluation(folder)
    draw_sound(SOUND, TRACK, folder / "drawn.png")  # imports matplotlib
    write_processed(folder / "processed", train="a b c", val="d", test="e")
    (folder / "times.txt").write_text(csv())
    (folder / "events.csv").write_text("time,label\n0.5,wood hit\n1.25,metal hit\n")
    return folder


@cache
def evaluation(inputs: Path) -> Evaluation:
    """An evaluation, made before there is no room."""
    return make_evaluation(inputs, n_clips=2)


def _exported(name: str, suffix: str) -> Writer:
    def write(inputs: Path, out: Path) -> None:
        words = ["export", str(inputs / "events.csv"), "--format", name, "--rate", "25"]
        main([*words, "--overwrite", "-o", str(out / f"made{suffix}")])

    return write


def _torch(_: Path, out: Path) -> None:
    with temporary_sibling(out / "made.ckpt") as temporary:
        torch.save({"weights": SOUND.samples}, temporary)


def _kept(inputs: Path, out: Path) -> None:
    motion = motion_of_cells(moving_place(strikes(60, [20])))
    kept_motion(out, inputs / "clip.mp4", 0, lambda: motion)


def _kept_clips(inputs: Path, out: Path) -> None:
    motion = motion_of_cells(moving_place(strikes(60, [20])))
    write_kept([KeptClip.of("clip", motion, TRACK, np.array([0.2]))], out / "kept.npz")


WRITERS: dict[str, Writer] = {
    "export, csv": _exported("csv", ".csv"),
    "export, midi": _exported("midi", ".mid"),
    "export, dawproject": _exported("dawproject", ".dawproject"),
    "wav": lambda _, out: write_wav(SOUND, out / "made.wav"),
    "m4a": lambda _, out: encode_sound(SOUND.samples, SOUND.sample_rate, out / "made.m4a"),
    "mp4": lambda _, out: encode_video(FRAMES, 25, SOUND.samples, 48_000, out / "made.mp4"),
    "filmstrip": lambda inputs, out: write_filmstrip(probe(inputs / "clip.mp4"), out / "a.jpg"),
    "picture": lambda _, out: draw_sound(SOUND, TRACK, out / "made.png"),
    "checkpoint, ours": lambda inputs, out: convert(
        inputs / "preset", out, kind="onset", to="ours", overwrite=True
    ),
    "weights, by torch": _torch,
    "prompt encoder": lambda inputs, out: CompactPromptEncoder.load(inputs / "preset").save(out),
    "strength": lambda _, out: StrengthModel(dict.fromkeys(NAMES, 0.0)).write(out / "a.yaml", {}),
    "shards": lambda inputs, out: write_set(inputs / "processed", out, overwrite=True),
    "split": lambda _, out: write_lists({"train": ["a"], "val": ["b"], "test": ["c"]}, out),
    "annotation": lambda inputs, out: annotate(inputs / "times.txt", ClipFiles(out, "clip")),
    "motion, kept": _kept,
    "motion of a training": _kept_clips,
    "take": lambda _, out: TakeCache(out).put(make_take(SOUND.samples, 100, KEY)),
    "take of the studio": lambda _, out: TakeStore(out).put(make_take(SOUND.samples, 100, KEY)),
    "project": lambda inputs, out: ProjectFolder.for_video(inputs / "clip.mp4", out / "a"),
    "report": lambda inputs, out: write_report(evaluation(inputs), out / "report.html"),
    "metrics": lambda inputs, out: write_metrics(evaluation(inputs), out),
    "record of a run": lambda _, out: write_record(out, {"seed": 0}),
    "step of a recipe": lambda _, out: Ledger(out).write(Step("one", []), StepRecord([])),
}

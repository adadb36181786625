"""Commands that are killed at random moments, and when two results are the same."""

import hashlib
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from helpers.diffusion_runs import small
from helpers.kill_inputs import CONTENT
from helpers.kill_results import (
    bytes_differ,
    library_differs,
    project_differs,
    training_differs,
)
from helpers.onset_runs import training

SYNCFUSION = [sys.executable, "-m", "syncfusion"]


@dataclass(frozen=True)
class Job:
    """A command that is killed and run again.

    Args:
        name: in the table.
        command: its words for a folder of outputs.
        differ: why two folders of outputs differ, None if they do not.
        whole: whether all its processes are killed each time, not every second time.
    """

    name: str
    command: Callable[[Path], Sequence[str]]
    differ: Callable[[Path, Path], str | None] = bytes_differ
    whole: bool = False


UNATTENDED = (  # names of the jobs that are commands and need no server
    "preprocessing",
    "shards, with embeddings",
    "training, stage 1",
    "training, stage 2",
    "rendering",
    "library index",
    "detection of many",
)


def all_jobs(inputs: Path, address: str) -> list[Job]:
    """Every job, on inputs that ``make_inputs`` wrote and that a server at an address gives."""
    return [*_jobs_of_training(inputs), *_jobs_of_use(inputs, address)]


def _jobs_of_training(inputs: Path) -> list[Job]:
    sizes = ["-vw", "160", "-vh", "120", "-nw", "2"]
    videos = [*SYNCFUSION, "preprocess", "videos", "-iv", str(inputs / "videos"), *sizes]
    pack = [*SYNCFUSION, "shards", str(inputs / "processed"), "--embeddings", "compact"]
    train = [*SYNCFUSION, "train"]
    steps = ("--trainer.max_steps", "8")
    short = ["callbacks.samples=null", "steps=12", "trainer.val_check_interval=2"]
    return [
        Job("preprocessing", lambda out: [*videos, "-o", str(out)]),
        Job("shards, with embeddings", lambda out: [*pack, "-o", str(out)]),
        Job(
            "training, stage 1",
            lambda out: [*train, "onset", *training(inputs / "clips", out, *steps)],
            training_differs,
        ),
        Job(
            "training, stage 2",
            lambda out: [*train, "diffusion", *small(inputs / "shards", out), *short],
            training_differs,
        ),
    ]


def _jobs_of_use(inputs: Path, address: str) -> list[Job]:
    whole, events = (
        ["--device", "cpu", "--preset", str(inputs / name)] for name in ("whole", "events")
    )
    clip = str(inputs / "videos" / "clip0_mic.mp4")
    render = [*SYNCFUSION, "generate", clip, "--onsets", str(inputs / "events.csv")]
    library = [*render, *events, "--library", str(inputs / "library")]
    detect = [*SYNCFUSION, "detect", f"@{inputs / 'list.txt'}", "--workers", "2", *whole]
    studio, download = (
        [sys.executable, str(Path(__file__).with_name(name))]
        for name in ("kill_studio.py", "kill_download.py")
    )
    digest = hashlib.sha256(CONTENT).hexdigest()
    return [
        Job("rendering", lambda out: [*render, *whole, "--prompt", "hit", "-o", f"{out}/made.mp4"]),
        Job("library index", lambda out: [*library, "-o", f"{out}/made.mp4"], library_differs),
        Job("detection of many", lambda out: [*detect, "-o", str(out)]),
        Job("studio", lambda out: [*studio, clip, str(out)], project_differs, whole=True),
        Job("download", lambda out: [*download, address, digest, str(out)]),
    ]

"""Commands that are killed at random moments, their inputs, and when two results are the same."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from helpers.media_files import make_video, regular
from helpers.onset_clips import write_clips
from helpers.onset_runs import training
from helpers.shard_files import write_processed

SYNCFUSION = [sys.executable, "-m", "syncfusion"]
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Job:
    """A command that is killed and run again.

    Args:
        name: in the table.
        command: its words for a folder of outputs.
        differ: why two folders of outputs differ, None if they do not.
    """

    name: str
    command: Callable[[Path], Sequence[str]]
    differ: Callable[[Path, Path], str | None] = field(default=lambda a, b: bytes_differ(a, b))


def bytes_differ(result: Path, reference: Path) -> str | None:
    """Compare two folders byte by byte; return why they differ, None if they do not."""
    found, expected = contents(result), contents(reference)
    if found.keys() != expected.keys():
        return f"files differ: {sorted(found.keys() ^ expected.keys())[:3]}"
    others = [name for name in found if found[name] != expected[name]]
    return f"bytes differ: {others[:3]}" if others else None


def contents(folder: Path) -> dict[str, bytes]:
    """The files of a folder and their bytes."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def training_differs(result: Path, reference: Path) -> str | None:
    """Compare the last checkpoints of two runs, weights and step."""
    import torch

    one, other = (
        torch.load(next(folder.rglob("last.ckpt")), weights_only=True, map_location="cpu")
        for folder in (result, reference)
    )
    if one["global_step"] != other["global_step"]:
        return f"{one['global_step']} steps, not {other['global_step']}"
    weights, expected = one["state_dict"], other["state_dict"]
    if weights.keys() != expected.keys():
        return "other weights"
    apart = max(float((weights[k].float() - expected[k].float()).abs().max()) for k in weights)
    return None if apart <= TOLERANCE else f"weights are {apart:g} apart"


def make_inputs(folder: Path) -> Path:
    """Write the inputs of all jobs."""
    (folder / "videos").mkdir(parents=True)
    for number in range(3):
        make_video(folder / "videos" / f"clip{number}_mic.mp4", regular(25, 75), size=(160, 120))
    write_processed(folder / "processed", train="a b c", val="d", test="e")
    write_clips(folder / "clips")
    return folder


def all_jobs(inputs: Path) -> list[Job]:
    """Every job, on inputs that ``make_inputs`` wrote."""
    sizes = ["-vw", "160", "-vh", "120", "-nw", "2"]
    videos = [*SYNCFUSION, "preprocess", "videos", "-iv", str(inputs / "videos"), *sizes]
    pack = [*SYNCFUSION, "shards", str(inputs / "processed"), "--embeddings", "compact"]
    steps = ("--trainer.max_steps", "8")
    return [
        Job("preprocessing", lambda out: [*videos, "-o", str(out)]),
        Job("shards, with embeddings", lambda out: [*pack, "-o", str(out)]),
        Job(
            "training, stage 1",
            lambda out: [*SYNCFUSION, "train", "onset", *training(inputs / "clips", out, *steps)],
            training_differs,
        ),
    ]

"""Losses of both stages: one process, two ranks, stopped and resumed, and a sweep.

Every run is the command itself, on tiny clips and nets of the tests: minutes on two CPU cores.
"""

import argparse
import csv
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))
from helpers import diffusion_runs, onset_runs
from helpers.onset_clips import write_clips

SLOWLY = ("--model.eps", "1.0", "--model.learning_rate", "1e-7")  # rounding does not grow


def train(*words: str, stop: Path | None = None) -> int:
    """Run the command to its end, or send SIGTERM once a file is there.

    Returns:
        The exit code.
    """
    command = [sys.executable, "-m", "syncfusion", "train", *words]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        while stop is not None and not stop.exists() and running.poll() is None:
            time.sleep(0.05)
        if stop is not None:
            running.send_signal(signal.SIGTERM)
        printed = running.communicate()[1]
    if running.returncode not in (0, 128 + signal.SIGTERM):
        sys.exit(printed[-3000:])
    return running.returncode


def losses(folder: Path) -> list[float]:
    """Return a run's training losses by step."""
    (file,) = folder.glob("csv/*/metrics.csv")
    with file.open() as lines:
        rows = list(csv.DictReader(lines))
    names = [name for name in ("loss/train", "loss/train_step") if name in rows[0]]
    found = {int(row["step"]): float(row[name]) for row in rows for name in names if row[name]}
    return [found[step] for step in sorted(found)]


def show(title: str, folder: Path, expected: list[float] | None = None) -> list[float]:
    """Print the losses of a run, and how far they are from others."""
    found = losses(folder)
    text = " ".join(f"{loss:.6f}" for loss in found)
    if expected is not None:
        farthest = max(abs(a - b) for a, b in zip(found, expected, strict=True))
        text += f"  largest difference {farthest:.1e}"
    print(f"{title:44} {text}", flush=True)
    return found


def onset(work: Path) -> None:
    """Stage 1, the net of frames."""
    root = write_clips(work / "clips")
    size = ("--data.examples_per_epoch=12", "--trainer.limit_val_batches=1.0")
    big, small = ("--data.batch_size=4",), ("--data.batch_size=2", "--trainer.devices=2")

    def run(name: str, *options: str, stop: Path | None = None) -> int:
        words = onset_runs.training(root, work / name, *size, *options)
        return train("onset", *words, stop=stop)

    run("onset-one", *big, *SLOWLY, "--trainer.max_steps=4")
    one = show("stage 1, one process, batch 4", work / "onset-one")
    run("onset-two", *small, *SLOWLY, "--trainer.max_steps=4")
    show("stage 1, two ranks, batch 2 each", work / "onset-two", one)
    stopped_and_resumed(
        "stage 1",
        work,
        "onset",
        lambda name, end, stop=None: run(
            name, *big, "--save_interval_seconds=0", f"--trainer.max_steps={end}", stop=stop
        ),
    )


def motion(work: Path) -> None:
    """Stage 1, the detector of motion, without dropout: ranks drop other features."""
    root = work / "clips"
    still = {f"model.net.{name}": "0" for name in ("dropout", "feature_dropout", "grid_dropout")}

    def run(name: str, size: int, *options: str) -> None:
        batch = {f"data.{kind}_segments": str(size) for kind in ("feature", "grid")}
        slowly = ("--trainer.gradient_clip_val=null", "--model.learning_rate=1e-5")
        words = (*slowly, "--trainer.max_steps=4", *options)
        train("onset", *onset_runs.motion_training(root, work / name, *words, **still, **batch))

    run("motion-one", 4)
    one = show("motion, one process, 4 segments a net", work / "motion-one")
    run("motion-two", 2, "--trainer.devices=2")
    show("motion, two ranks, 2 segments each", work / "motion-two", one)


def diffusion(work: Path) -> None:
    """Stage 2, and a sweep."""
    (work / "shards").mkdir()
    shards = diffusion_runs.make_shards(work / "shards")
    without = ("callbacks.samples=null",)

    def run(name: str, *options: str, stop: Path | None = None) -> int:
        words = (*diffusion_runs.small(shards, work / name), *without, *options)
        return train("diffusion", *words, stop=stop)

    run("diffusion-one", "data.batch_size=4", "steps=4")
    one = show("stage 2, one process, batch 4", work / "diffusion-one")
    run("diffusion-two", "trainer.devices=2", "data.batch_size=2", "steps=4")
    show("stage 2, two ranks, batch 2 each", work / "diffusion-two", one)
    every = "callbacks.last.every_n_train_steps=1"
    stopped_and_resumed(
        "stage 2",
        work,
        "diffusion",
        lambda name, end, stop=None: run(
            name, "data.batch_size=4", every, f"steps={end}", stop=stop
        ),
    )
    run("sweep", "-m", "steps=2", "training.learning_rate=1e-3,1e-4")
    for folder in sorted((work / "sweep" / "multirun").iterdir()):
        show(f"sweep, {folder.name}", folder)


def stopped_and_resumed(title: str, work: Path, kind: str, run) -> None:
    """Compare an unbroken run with one that SIGTERM stops and one whose end is put off."""
    n_steps = 40
    run(f"{kind}-whole", n_steps)
    whole = losses(work / f"{kind}-whole")
    folder = work / f"{kind}-stopped"
    code = run(f"{kind}-stopped", n_steps, stop=folder / "checkpoints" / "last.ckpt")
    n_before = len(losses(folder))
    run(f"{kind}-stopped", n_steps)
    for end in (3, n_steps):
        run(f"{kind}-put-off", end)
    for name, what in (("stopped", f"SIGTERM in step {n_before}, exit {code}"), ("put-off", "3")):
        found = losses(work / f"{kind}-{name}")
        farthest = max(abs(a - b) for a, b in zip(found, whole, strict=True))
        print(
            f"{title}, {n_steps} steps, {name} ({what}), resumed: last loss {found[-1]:.6f}, "
            f"unbroken {whole[-1]:.6f}, largest difference {farthest:.1e}",
            flush=True,
        )


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.parse_args()
    os.environ |= {"WANDB_MODE": "disabled", "OMP_NUM_THREADS": "1"}
    with tempfile.TemporaryDirectory() as folder:
        for part in (onset, motion, diffusion):
            part(Path(folder))


if __name__ == "__main__":
    main()

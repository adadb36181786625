"""Stage 1's commands on tiny videos, for the tests of training and testing."""

import json
import os
import subprocess
import sys
from pathlib import Path

from helpers.places import REPOSITORY

TINY = {"width": 2, "hidden": 4}  # of the net


def configs(*names: str) -> list[str]:
    """The words that name files of cfg/."""
    return [word for name in names for word in ("-c", str(REPOSITORY / "cfg" / f"{name}.yaml"))]


def small(root: Path, logs: Path) -> list[str]:
    """What makes any experiment run on a folder of tiny videos, quickly and without an account."""
    options = {
        "logger": "csv",
        "data.roots": json.dumps([{"folder": str(root)}]),
        "data.frame_size": "[16,16]",
        "trainer.default_root_dir": str(logs),
        "trainer.accelerator": "cpu",
        "trainer.precision": "32-true",
        "trainer.enable_progress_bar": "false",
        "trainer.enable_model_summary": "false",
    }
    return [word for name, value in options.items() for word in (f"--{name}", value)]


def training(root: Path, logs: Path, *options: str) -> list[str]:
    """The published experiment on tiny videos and a tiny net: two steps, unless told otherwise."""
    files = ("data/data-onset-greatesthit", "model/model-onset", "trainer/trainer-onset")
    net = [word for name, value in TINY.items() for word in (f"--model.net.{name}", str(value))]
    return [*configs(*files, "trainer/smoke"), *small(root, logs), *net, *options]


def motion_training(root: Path, logs: Path, *options: str, **changes: str) -> list[str]:
    """The detector of motion on tiny videos, with tiny nets: two batches an epoch."""
    small = {
        "logger": "csv",
        "data.root": str(root),
        "data.cache": str(root.with_name("motion")),
        "data.train_splits": "[train]",
        "data.held_out": "[val]",
        "data.steps_per_epoch": "2",
        "data.feature_segments": "2",
        "data.grid_segments": "2",
        "data.feature_frames": "16",
        "data.grid_frames": "16",
        "model.net.n_feature_nets": "1",
        "model.net.width": "8",
        "model.net.grid_width": "8",
        "model.net.grid_channels": "[4, 4, 4]",
        "trainer.default_root_dir": str(logs),
        "trainer.precision": "32-true",
        "trainer.log_every_n_steps": "1",
        "trainer.enable_progress_bar": "false",
        "trainer.enable_model_summary": "false",
    } | changes
    settings = [word for name, value in small.items() for word in (f"--{name}", value)]
    return [*configs("onset-motion"), *settings, *options]


def run_shell(name: str, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run a shell script as the README does; ``folder`` stands for an installed environment."""
    stamp = 'echo "$(pwd) $(cat requirements.txt pyproject.toml | cksum)"'  # script/setup.sh
    wanted = subprocess.run(["sh", "-c", stamp], cwd=REPOSITORY, capture_output=True, check=True)
    (folder / "syncfusion-installed").write_bytes(wanted.stdout)
    path = f"{os.path.dirname(sys.executable)}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"VIRTUAL_ENV": str(folder), "PATH": path}
    command = ["sh", f"script/{name}.sh", *options]
    return subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True)

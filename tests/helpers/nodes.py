"""Trainings on several nodes: their environment, and what they log."""

import os
import subprocess
import sys
from pathlib import Path

from helpers.diffusion_runs import logged
from helpers.places import REPOSITORY


def installed(folder: Path) -> dict[str, str]:
    """Return variables by which ``script/setup.sh`` finds this environment, installed in full."""
    stamp = 'echo "$(pwd) $(cat requirements.txt pyproject.toml | cksum)"'  # script/setup.sh
    wanted = subprocess.run(["sh", "-c", stamp], cwd=REPOSITORY, capture_output=True, check=True)
    (folder / "syncfusion-installed").write_bytes(wanted.stdout)
    path = f"{os.path.dirname(sys.executable)}{os.pathsep}{os.environ['PATH']}"
    return {"VIRTUAL_ENV": str(folder), "PATH": path}


def losses(output: Path) -> dict[str, float]:
    """Return the loss of every step that a run has logged."""
    return {r["step"]: float(r["loss/train"]) for r in logged(output) if r.get("loss/train")}

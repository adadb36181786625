"""What benchmarks measured before: kept as json lines, and the change since printed.

``DIR_LOGS/benchmarks/NAME.jsonl`` gets a line a run, with the commit, the machine and its load.
Figures are compared with the last run of the same machine, threads and options; other programs
on the machine change them, which the load beside them lets one judge.
"""

import argparse
import json
import os
import platform
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

from syncfusion.places import logs_folder

Figures = Mapping[str, float]


def keep(name: str, figures: Figures, options: argparse.Namespace | None = None) -> None:
    """Add a run to a benchmark's history, and print what has changed since the run before.

    Args:
        name: of the benchmark.
        figures: what was measured, each under a name that says its unit.
        options: of the command line; runs with other options are not compared.
    """
    path = logs_folder() / "benchmarks" / f"{name}.jsonl"
    setting = {
        "machine": machine(),
        "options": {k: str(v) for k, v in vars(options or argparse.Namespace()).items()},
    }
    run = {"time": datetime.now(UTC).isoformat(timespec="seconds"), "commit": commit()}
    run |= setting | {"load": round(os.getloadavg()[0], 1), "figures": dict(figures)}
    earlier = [old for old in runs(path) if all(old[key] == setting[key] for key in setting)]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(json.dumps(run) + "\n")
    print(*changes(run, earlier[-1] if earlier else None), sep="\n", flush=True)


def runs(path: Path) -> list[dict[str, Any]]:
    """Return the runs of a history, oldest first; none where there is no file."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text().splitlines()]


def changes(run: Mapping[str, Any], before: Mapping[str, Any] | None) -> list[str]:
    """Return a line a figure, with its change in percent since an earlier run."""
    if before is None:
        return ["first run of its kind on this machine; the next one will print what changed"]
    lines = [
        f"since {before['time']}, {before['commit']} (load {before['load']}, now {run['load']}):"
    ]
    for name, value in run["figures"].items():
        old = before["figures"].get(name)
        change = f"{value / old - 1:+.0%} from {old:.3g}" if old else "new"
        lines.append(f"  {name}: {value:.3g}, {change}")
    return lines


def machine() -> str:
    """Return the processor, its cores, and torch's threads and version."""
    model = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    threads = torch.get_num_threads()
    return f"{model}, {os.cpu_count()} cores, {threads} threads, torch {torch.__version__}"


def commit() -> str:
    """Return the commit that is checked out, with a plus where files were changed since."""
    command = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty=+"]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return found.stdout.strip() or "no commit"

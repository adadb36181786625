"""Kill commands at random moments, run them again, and compare with a run that was left alone.

``PYTHONPATH=src:tests python -m helpers.kill_points --points 6`` prints a table: jobs, kill points,
recoveries. A job is killed by SIGKILL, alternately alone and with all its processes. Data have to
be the same bytes, weights of trainings the same to 1e-6. The exit code is 1 unless all recover.
"""

import argparse
import importlib
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

from helpers.broken_server import broken_server
from helpers.kill_inputs import make_inputs
from helpers.kill_jobs import SYNCFUSION, Job, all_jobs
from syncfusion.cli.app import main as command

PATIENCE = 30.0  # seconds in which the processes of a killed command have to be gone
LONGEST = 600.0  # seconds of one run
EARLIEST = 0.1  # moment, as a part of a whole run
IMPORTED = (  # before a command begins, so that it is killed at its work
    "torch",
    "jsonargparse",
    "pytorch_lightning",
    "syncfusion.product.pipeline",
    "syncfusion.shards.data",
    "syncfusion.training.diffusion",
    "syncfusion.training.onset_training",
)
PAUSE = 0.1  # seconds before each 64 kB of the download


@dataclass
class Outcome:
    """How a job came through its kill points."""

    job: str
    n_points: int = 0
    n_recovered: int = 0
    problems: list[str] = field(default_factory=list)

    def line(self) -> str:
        """The row of a table."""
        problems = "; ".join(self.problems) or "–"
        return f"| {self.job} | {self.n_points} | {self.n_recovered} | {problems} |"


@contextmanager
def prepared(folder: Path) -> Iterator[list[Job]]:
    """Yield the jobs, with their inputs in a folder and a server of the download."""
    for module in IMPORTED:
        importlib.import_module(module)
    inputs = folder / "inputs"
    making = get_context("fork").Process(target=make_inputs, args=(inputs,))
    making.start()  # in a process of its own, so that this one can be forked without threads
    making.join()
    with broken_server(inputs / "served") as server:
        server.pause = PAUSE
        yield all_jobs(inputs, f"{server.address}/file.bin")


def try_job(job: Job, folder: Path, n_points: int, rng: random.Random) -> Outcome:
    """Kill a job at some moments, each time in a folder of its own, and run it again."""
    reference, outcome = folder / "reference", Outcome(job.name)
    began = time.monotonic()
    try:
        finish(start(job, reference), reference)
    except RuntimeError as error:
        outcome.problems.append(f"left alone: {error}")
        return outcome
    length = time.monotonic() - began
    for point in range(n_points):
        work = folder / f"point{point}"
        moment = rng.uniform(EARLIEST, 1.0) * length
        while not killed(job, work, moment, whole=job.whole or point % 2 == 0):
            shutil.rmtree(work)  # it was faster this time
            moment *= 0.7
        outcome.n_points += 1
        try:
            finish(start(job, work), work)
            problem = job.differ(work / "out", reference / "out")
        except (RuntimeError, StopIteration, OSError) as error:
            problem = f"{type(error).__name__}: {error}"
        if problem is None:
            outcome.n_recovered += 1
            shutil.rmtree(work)
        else:
            outcome.problems.append(f"after {moment:.1f} of {length:.1f} s: {problem}")
    return outcome


def start(job: Job, work: Path) -> BaseProcess:
    """Start a job; what it keeps of the user lies in its own folder."""
    (work / "out").mkdir(parents=True, exist_ok=True)
    process = get_context("fork").Process(target=run_words, args=(job.command(work / "out"), work))
    process.start()
    while process.exitcode is None and not is_there(process.pid or 0):
        time.sleep(0.001)  # it has no group of its own yet
    return process


def run_words(words: Sequence[str], work: Path) -> None:
    """Do a command in this process, whose imports are done; other programs take its place."""
    os.setsid()
    os.chdir(work)
    own = {name: str(work / name) for name in ("XDG_STATE_HOME", "XDG_CACHE_HOME")}
    own |= {"SYNCFUSION_TAKES": str(work / "takes"), "DIR_DATA": str(work)}
    os.environ |= own | {"OMP_NUM_THREADS": "1"}
    log = os.open(work / "log.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    sys.stdout, sys.stderr = (os.fdopen(number, "w", buffering=1) for number in (1, 2))
    if words[: len(SYNCFUSION)] != SYNCFUSION:
        os.execv(words[0], words)
    try:
        command(list(words[len(SYNCFUSION) :]))
    except SystemExit as end:
        sys.stdout.flush()
        os._exit(int(end.code or 0))
    sys.stdout.flush()
    os._exit(0)


def finish(process: BaseProcess, work: Path) -> None:
    """Wait for the end of a job; a bad one, or one that takes too long, is a RuntimeError."""
    if not ended(process, LONGEST):
        os.killpg(process.pid or 0, signal.SIGKILL)
        process.join()
    if process.exitcode != 0:
        said = (work / "log.txt").read_text(errors="replace").splitlines()
        raise RuntimeError(f"exit code {process.exitcode}: {''.join(said[-1:])}")


def ended(process: BaseProcess, seconds: float) -> bool:
    """Wait for the end of a job; return whether it came within some seconds.

    ``join`` has no limit once another program has taken the place of the process.
    """
    deadline = time.monotonic() + seconds
    while process.exitcode is None and time.monotonic() < deadline:
        time.sleep(0.01)
    return process.exitcode is not None


def killed(job: Job, work: Path, moment: float, *, whole: bool) -> bool:
    """Kill a job after some seconds; return whether it was still running.

    Processes that it started and that outlive it are a RuntimeError.
    """
    process = start(job, work)
    group = process.pid or 0
    if ended(process, moment):
        return False
    if whole:
        os.killpg(group, signal.SIGKILL)
    else:
        process.kill()
    process.join()
    deadline = time.monotonic() + PATIENCE
    while is_there(group):
        if time.monotonic() > deadline:
            raise RuntimeError("its processes outlive it")
        time.sleep(0.05)
    return True


def is_there(group: int) -> bool:
    """Whether a group of processes has a member."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def main() -> None:
    """Try every job, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=6, help="of each job")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", help="part of a job's name")
    options = parser.parse_args()
    sys.stdout.write("| job | kill points | recovered | problems |\n|---|---|---|---|\n")
    outcomes = []
    with tempfile.TemporaryDirectory() as folder, prepared(Path(folder)) as jobs:
        for number, job in enumerate(jobs):
            if options.only is None or options.only in job.name:
                rng = random.Random(f"{options.seed}/{job.name}")
                work = Path(folder) / f"job{number}"  # names of jobs have commas, as Hydra's lists
                outcomes.append(try_job(job, work, options.points, rng))
                sys.stdout.write(f"{outcomes[-1].line()}\n")
                sys.stdout.flush()
    total, recovered = (sum(getattr(o, n) for o in outcomes) for n in ("n_points", "n_recovered"))
    sys.stdout.write(f"| all | {total} | {recovered} | |\n")
    sys.exit(recovered < total or any(outcome.problems for outcome in outcomes))


if __name__ == "__main__":
    main()

"""Steps of a long training: jobs run in order, each finished once, whatever interrupts them."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from syncfusion.errors import CommandFailed, InputError
from syncfusion.media import temporary_sibling
from syncfusion.options import BAD_INPUT
from syncfusion.plain_values import parse_json

GRACE_SECONDS = (1.0, 30.0)  # a stopped job may take before it is interrupted, then killed
JOBS = "syncfusion.recipe.jobs"

Report = Callable[[str], object]  # is called with a line of text


@dataclass(frozen=True)
class Job:
    """A function call in a process of its own.

    Args:
        function: ``module:function``.
        arguments: by name; values that JSON can hold.
    """

    function: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """Some jobs that belong together.

    Args:
        name: of the step, and of its files.
        jobs: run in order; each can be run again, and then resumes or starts anew.
        resume: a file, and arguments that the first job gets in addition if that file exists.
        machine: arguments of the first job that depend on the machine; with others the job stays
            the same, so that a training may be resumed elsewhere.
        optional: whether later steps run without it if its data do not suffice.
    """

    name: str
    jobs: Sequence[Job]
    resume: tuple[Path, Mapping[str, Any]] | None = None
    machine: Mapping[str, Any] = field(default_factory=dict)
    optional: bool = False

    def to_run(self) -> list[Job]:
        """Return the jobs with the arguments they have now."""
        first, *others = self.jobs
        added = dict(self.machine)
        if self.resume is not None and self.resume[0].is_file():
            added |= self.resume[1]
        return [replace(first, arguments=_merged(first.arguments, added)), *others]


@dataclass(frozen=True)
class StepRecord:
    """What is known of a step: kept in a file, so that the next run knows it too.

    Args:
        jobs: that were run, as plain values.
        seconds: that they took, over all runs.
        outcome: "done", "failed" where it was optional, or "" while it is not over.
    """

    jobs: Sequence[Mapping[str, Any]]
    seconds: float = 0.0
    outcome: str = ""


class Ledger:
    """The records of the steps of one training.

    Args:
        folder: where they lie, with the metrics of the steps.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def metrics(self, step: Step) -> dict[str, Any]:
        """Return the metrics of a step's last run; none where it has none."""
        path = self.metrics_file(step)
        return _read_json(path) if path.is_file() else {}

    def metrics_file(self, step: Step) -> Path:
        """Return where the metrics of a step lie."""
        return self.folder / f"{step.name}.metrics.json"

    def read(self, step: Step) -> StepRecord:
        """Return the record of a step; an empty one where its jobs are not those of now.

        Args:
            step: the step with its jobs of now.

        Returns:
            The record of these jobs; 0 seconds and no outcome where none is kept.

        Raises:
            InputError: if the record is damaged.
        """
        jobs, path = [asdict(job) for job in step.jobs], self.folder / f"{step.name}.json"
        if not path.is_file():
            return StepRecord(jobs)
        try:
            found = StepRecord(**_read_json(path))
        except TypeError as error:
            raise InputError(_damaged(path)) from error
        return found if found.jobs == jobs else StepRecord(jobs)

    def write(self, step: Step, record: StepRecord) -> None:
        """Keep the record of a step."""
        with temporary_sibling(self.folder / f"{step.name}.json") as temporary:
            temporary.write_text(json.dumps(asdict(record), indent=2) + "\n", encoding="utf-8")


def run_steps(
    steps: Sequence[Step], ledger: Ledger, report: Report, *, lock: int | None = None
) -> None:
    """Run the steps that are not over, in order.

    Once one was run, those behind it are run as well: their inputs may have changed.

    Args:
        steps: of the training.
        ledger: of these steps.
        report: called with what is done.
        lock: descriptor that every job inherits, see ``lock.locked``.

    Raises:
        CommandFailed: if a job fails.
        InputError: if a record is damaged.
        KeyboardInterrupt: if the run is interrupted; the job has ended then.
    """
    has_run = False
    for number, step in enumerate(steps, 1):
        title, record = f"[{number}/{len(steps)}] {step.name}", ledger.read(step)
        if record.outcome and not has_run:
            report(f"{title}: {record.outcome}")
            continue
        has_run = True
        report(title)
        _run_step(step, replace(record, outcome=""), ledger, lock)


def _run_step(step: Step, record: StepRecord, ledger: Ledger, lock: int | None) -> None:
    start, outcome = time.monotonic(), ""
    ledger.folder.mkdir(parents=True, exist_ok=True)
    ledger.metrics_file(step).unlink(missing_ok=True)
    try:
        codes = (_run(job, step, ledger, lock) for job in step.to_run())
        code = next((code for code in codes if code), 0)
        if code and not (step.optional and code == BAD_INPUT):
            raise CommandFailed(
                f"the step {step.name!r} failed; mend it and run this again",
                code if code > 0 else 1,
            )
        outcome = "failed" if code else "done"
    finally:
        seconds = record.seconds + time.monotonic() - start
        ledger.write(step, replace(record, seconds=seconds, outcome=outcome))


def _run(job: Job, step: Step, ledger: Ledger, lock: int | None) -> int:
    """Run one job and return its exit code; it inherits our streams, so that its bars work."""
    path = ledger.folder / f"{step.name}.job.json"
    with temporary_sibling(path) as temporary:
        temporary.write_text(json.dumps(asdict(job), indent=2) + "\n", encoding="utf-8")
    command = ["-u", "-m", "syncfusion.recipe.job", str(path), str(ledger.metrics_file(step))]
    child = subprocess.Popen([sys.executable, *command], pass_fds=() if lock is None else (lock,))
    try:
        return child.wait()
    except BaseException:
        _end(child)
        raise


def _end(child: subprocess.Popen[bytes]) -> None:
    """Let a job end as after Ctrl-C, which it has received itself if it is in our terminal."""
    for seconds, number in zip(GRACE_SECONDS, (signal.SIGINT, signal.SIGKILL), strict=True):
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            child.send_signal(number)
    child.wait()


def _merged(arguments: Mapping[str, Any], added: Mapping[str, Any]) -> dict[str, Any]:
    """Return arguments with others added, those within ``changes`` too."""
    merged = {**arguments, **added}
    if "changes" in added:
        merged["changes"] = {**arguments.get("changes", {}), **added["changes"]}
    return merged


def _read_json(path: Path) -> dict[str, Any]:
    try:
        found = parse_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(_damaged(path)) from error
    if not isinstance(found, dict):
        raise InputError(_damaged(path))
    return found


def _damaged(path: Path) -> str:
    return f"{path} is damaged, or of an earlier version; delete it to run its step again"

"""Steps of a long training: commands run in order, each finished once, whatever interrupts them."""

import codecs
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, cast

from syncfusion.media import temporary_sibling
from syncfusion.options import BAD_INPUT
from syncfusion.places import CHECKOUT

PATIENCE_SECONDS = 30.0  # that a stopped command may take to end by itself

Command = tuple[str, ...]  # what follows ``python``
Tell = Callable[[str], object]  # is given text as it comes


class StepFailed(Exception):
    """A command ended badly; it has said why.

    Args:
        message: which.
        code: its exit code.
    """

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Step:
    """Some commands that belong together.

    Args:
        name: of the step, and of the files that tell of it.
        commands: run in order; each can be run again, and then goes on or begins anew.
        resume: a file, and what the first command is told in addition where that file is there.
        machine: what the first command is told in addition that depends on the machine, and makes
            it no other command: a training may go on elsewhere.
        optional: whether the training goes on without it where its data do not suffice.
        has_figures: whether what it prints is kept, to be read later.
    """

    name: str
    commands: Sequence[Command]
    resume: tuple[Path, Command] | None = None
    machine: Command = ()
    optional: bool = False
    has_figures: bool = False

    def to_run(self) -> list[Command]:
        """Return the commands as they are to be run now."""
        commands = list(self.commands)
        commands[0] += self.machine
        if self.resume is not None and self.resume[0].is_file():
            commands[0] += self.resume[1]
        return commands


@dataclass(frozen=True)
class StepRecord:
    """What is known of a step: kept in a file, so that the next run knows it too.

    Args:
        commands: that were run.
        seconds: that they took, over all runs.
        outcome: "done", "failed" where it was optional, or "" while it is not over.
    """

    commands: Sequence[str]
    seconds: float = 0.0
    outcome: str = ""


class Ledger:
    """The records of the steps of one training.

    Args:
        folder: where they lie, with what the commands printed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def log(self, step: Step) -> Path:
        """Return the file of the figures a step printed in its last run."""
        return self.folder / f"{step.name}.log"

    def read(self, step: Step) -> StepRecord:
        """Return the record of a step; an empty one where its commands are not those of now."""
        commands = [shlex.join(command) for command in step.commands]
        path = self.folder / f"{step.name}.json"
        found = StepRecord(**json.loads(path.read_text())) if path.is_file() else None
        return found if found and list(found.commands) == commands else StepRecord(commands)

    def write(self, step: Step, record: StepRecord) -> None:
        """Keep the record of a step."""
        with temporary_sibling(self.folder / f"{step.name}.json") as temporary:
            temporary.write_text(json.dumps(asdict(record), indent=2) + "\n")


def run_steps(steps: Sequence[Step], ledger: Ledger, tell: Tell) -> None:
    """Run the steps that are not over, in order.

    Once one was run, those behind it are run as well: what they take may have changed.

    Args:
        steps: of the training.
        ledger: knows which are over, and is told.
        tell: hears what is done, and the figures.

    Raises:
        StepFailed: if a command fails.
        KeyboardInterrupt: if it is interrupted; the command has ended then.
    """
    has_run = False
    for number, step in enumerate(steps, 1):
        title, record = f"[{number}/{len(steps)}] {step.name}", ledger.read(step)
        if record.outcome and not has_run:
            tell(f"{title}: {record.outcome}\n")
            continue
        has_run = True
        tell(f"{title}\n")
        _run_step(step, replace(record, outcome=""), ledger, tell)


def _run_step(step: Step, record: StepRecord, ledger: Ledger, tell: Tell) -> None:
    start, outcome = time.monotonic(), ""
    ledger.folder.mkdir(parents=True, exist_ok=True)
    log = ledger.log(step) if step.has_figures else None
    if log is not None:
        log.write_text("")
    try:
        codes = (_run(command, log, tell) for command in step.to_run())
        code = next((code for code in codes if code), 0)
        if code and not (step.optional and code == BAD_INPUT):
            raise StepFailed(f"the step {step.name!r} failed; mend it and run this again", code)
        outcome = "failed" if code else "done"
    finally:
        seconds = record.seconds + time.monotonic() - start
        ledger.write(step, replace(record, seconds=seconds, outcome=outcome))


def _run(command: Command, log: Path | None, tell: Tell) -> int:
    """Run one command; return its exit code. Without a log it prints where we do, with its bars."""
    tell(f"  python {shlex.join(command)}\n")
    child = subprocess.Popen(
        [sys.executable, "-u", *command], cwd=CHECKOUT, stdout=log and subprocess.PIPE
    )
    try:
        if log is not None:
            _copy(cast(IO[bytes], child.stdout), log, tell)
        return child.wait()
    except BaseException:
        _end(child)
        raise


def _copy(printed: IO[bytes], log: Path, tell: Tell) -> None:
    """Keep what a command prints, and show it."""
    decode = codecs.getincrementaldecoder("utf-8")("replace").decode
    with printed, log.open("a") as kept:
        while chunk := os.read(printed.fileno(), 4096):
            text = decode(chunk)
            kept.write(text)
            tell(text)


def _end(child: subprocess.Popen[bytes]) -> None:
    """Let a command end as after Ctrl-C, which in a terminal it has heard itself."""
    for patience, told in ((1.0, signal.SIGINT), (PATIENCE_SECONDS, signal.SIGKILL)):
        try:
            child.wait(patience)
        except subprocess.TimeoutExpired:
            child.send_signal(told)
    child.wait()

"""Cases tried one after another in processes of limited memory, and counted."""

import json
import os
import resource
import selectors
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

CASES = {  # of a full run
    "event files": 4000,
    "projects": 1500,
    "processed videos": 1000,
    "shards": 1000,
    "sounds": 1500,
    "settings": 1000,
    "kept data": 1000,
    "checkpoints, damaged": 800,
    "checkpoints, altered": 800,
    "requests": 1500,
    "videos": 2400,
}
BATCH = 250  # cases of one process
LONGEST = 30.0  # seconds of one case, of processor time: a busy machine fails nothing
PATIENCE = 1800.0  # seconds by the clock after which a process counts as hung all the same
MEMORY = 2 * 2**30  # bytes that a process may take beyond what it has before its first case


@dataclass
class Count:
    """What became of the cases of a class."""

    n_cases: int = 0
    n_read: int = 0
    n_refused: int = 0
    n_failed: int = 0
    longest: float = 0.0
    memory: int = 0  # MiB above the beginning, at most
    failures: list[str] = field(default_factory=list)

    def add(self, outcome: dict[str, Any]) -> None:
        """Count one case."""
        self.n_cases += 1
        self.n_read += outcome["end"] == "read"
        self.n_refused += outcome["end"] == "refused"
        self.longest = max(self.longest, outcome["seconds"])
        self.memory = max(self.memory, outcome["memory"])
        if outcome["end"] not in ("read", "refused"):
            self.n_failed += 1
            self.failures.append(outcome["end"])


def try_class(name: str, n_cases: int, first: int, keep: Path) -> Count:
    """Try the cases of a class; a process that ends early is a failure, and followed by another."""
    count, batch = Count(), first
    while count.n_cases < n_cases:
        size = min(BATCH, n_cases - count.n_cases)
        command = [sys.executable, "-m", "fuzz", "--keep", str(keep.absolute())]
        command += ["--batch", name, str(batch), str(size)]
        for outcome in _outcomes(command, name, batch, keep):
            count.add(outcome)
        batch += 1
    return count


def _outcomes(command: list[str], name: str, batch: int, keep: Path) -> Iterator[dict[str, Any]]:
    """Yield what a process reports of its cases; a hang or a crash is one more."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[1])
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector, process:
        selector.register(process.stdout, selectors.EVENT_READ)
        patience, begin = 300.0, time.monotonic()  # until the seeds are made
        used = 0.0
        while True:
            if not selector.select(patience):
                before, used = used, processor_seconds(process.pid)
                if used - before < LONGEST and time.monotonic() - begin < PATIENCE:
                    continue  # it waits for a busy machine
                process.kill()
                process.wait()
                end = f"hang: over {LONGEST:g} s"
                break
            line = process.stdout.readline()
            if not line:
                end = "" if process.wait() == 0 else f"ended by {process.returncode}"
                break
            patience, begin, used = LONGEST, time.monotonic(), processor_seconds(process.pid)
            outcome = json.loads(line)
            if outcome:
                yield outcome
    if end:
        kept = _keep(name, f"{batch}-{abs(process.returncode)}", keep, Path(_folder(process.pid)))
        yield {"end": f"{end} ({kept})", "seconds": 0.0, "memory": 0}
    shutil.rmtree(_folder(process.pid), ignore_errors=True)


def processor_seconds(pid: int) -> float:
    """Return the processor time that a process has used; 0 once it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run_batch(name: str, number: int, n_cases: int, keep: Path) -> None:
    """Try some cases in this process, and report each on a line of json."""
    from syncfusion.errors import InputError

    folder = Path(_folder(os.getpid()))
    inputs = prepare(name, folder / "seeds")
    before = _limit_memory()
    reports, sys.stdout = sys.stdout, sys.stderr
    reports.write("{}\n")

    @seed(number)
    @settings(
        max_examples=n_cases,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(inputs.cases())
    def every(case: Any) -> None:
        begin, end = time.process_time(), "read"
        try:
            inputs.run(case, folder / "case")
        except InputError as error:
            end = "refused"
            if not str(error).strip() or "\n" in str(error):
                end = f"no sentence: {error!r:.200}"
        except Exception as error:  # noqa: BLE001 whatever it is, it is counted
            end = _kind(error)
        seconds = time.process_time() - begin
        if end in ("read", "refused") and seconds > LONGEST:
            end = f"took {seconds:.0f} s"
        if end not in ("read", "refused"):
            kept = _keep(name, f"{number}-{time.monotonic_ns()}", keep, folder)
            (kept / "end.txt").write_text(f"{end}\n{case!r:.500}\n{traceback.format_exc()}")
        used = max(0, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10
        reports.write(json.dumps({"end": end, "seconds": seconds, "memory": used}) + "\n")
        reports.flush()

    every()
    shutil.rmtree(folder, ignore_errors=True)


def prepare(name: str, folder: Path) -> Any:
    """Return the inputs of a class: ``cases`` to draw, and ``run`` to try one."""
    folder.mkdir(parents=True, exist_ok=True)
    if name == "requests":
        from fuzz.requests import Requests

        return Requests(folder)
    if name == "checkpoints, altered":
        from fuzz.altered import AlteredCheckpoints

        return AlteredCheckpoints(folder)
    from fuzz.inputs import all_inputs

    return all_inputs(folder)[name]()


def _limit_memory() -> int:
    """Limit this process's memory; return its resident KiB so far."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _kind(error: BaseException) -> str:
    """Return the type of an error and where it was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "/syncfusion/" in frame.filename] or frames[-1:]
    place = f"{own[-1].filename.rpartition('/syncfusion/')[2]}:{own[-1].lineno}"
    return f"{type(error).__name__}: {str(error)[:100]} at {place}"


def _folder(process: int) -> str:
    return f"{tempfile.gettempdir()}/fuzz-{process}"


def _keep(name: str, number: str, keep: Path, folder: Path) -> Path:
    """Copy the files of a case that failed."""
    target = keep / name.replace(", ", "-").replace(" ", "-") / number
    shutil.rmtree(target, ignore_errors=True)
    if (folder / "case").is_dir():
        shutil.copytree(folder / "case", target, symlinks=True)
    target.mkdir(parents=True, exist_ok=True)
    return target

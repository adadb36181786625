"""Time every command from its start to its first word and to its end, as on a terminal.

``--help`` of each command, and what each says of an input that is not there: the first word is the
help, the refusal, or "loading …". N processes each, medians by the clock; one run before them,
which is not counted, fills the cache of files. Processor time is that of the whole process, and
depends less on what else runs. The kind is held by tests/cli/test_start_up.py.
"""

import argparse
import errno
import os
import pty
import resource
import subprocess
import sys
import tempfile
import time
from statistics import median

import history

REFUSED = {  # command: words after it that name what is not there
    "generate": "none.mp4 --prompt wood",
    "studio": "none.mp4",
    "detect": "none.mp4",
    "export": "none.csv --format midi",
    "draw": "none.wav none.csv out.png",
    "synthesize": "-o /proc/none",
    "preprocess videos": "-iv none",
    "preprocess annotations": "-it none",
    "preprocess split": "-iv none",
    "shards": "none",
    "train onset": "-c none.yaml",
    "train onset --from": "none -o out",
    "train diffusion": "none=1",
    "train prompt": "--data none -o out",
    "train compact": "none",
    "train calibrate": "--data none",
    "train strength": "--data none",
    "train publish": "--onset none -o out",
    "evaluate": "none=1",
    "evaluate compare": "--target none --annotation none --sounds a=none -o out",
    "evaluate onset": "-c none.yaml",
    "checkpoints download": "none",
    "checkpoints convert": "none out",
    "checkpoints verify": "none",
}
HELPED = ["", "preprocess", "train", "checkpoints", "checkpoints list", *REFUSED]
LIMIT = 0.5  # seconds to the first word


def seconds(words: list[str], folder: str) -> tuple[float, float, float]:
    """Return the seconds of one process until its first word, until its end, and its work."""
    used = _processor_seconds()
    ours, theirs = pty.openpty()
    begin, first = time.monotonic(), None
    command = [sys.executable, "-m", "syncfusion", *words]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder) as run:
        os.close(theirs)
        while _read(ours):
            first = first or time.monotonic() - begin
        run.wait()
    os.close(ours)
    if first is None:
        raise SystemExit(f"{' '.join(words)} said nothing")
    return first, time.monotonic() - begin, _processor_seconds() - used


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError as error:
        if error.errno != errno.EIO:  # the other end is closed
            raise
        return b""


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=5, help="processes each; default: %(default)s")
    options = parser.parse_args()
    cases = {f"{name} --help".strip(): f"{name} --help" for name in HELPED}
    cases["train onset --from --help"] = "train onset --from none --help"
    cases |= {f"{name}, refused": f"{name} {rest}" for name, rest in REFUSED.items()}
    print("| command | first word, s | end, s | processor, s |\n|---|---|---|---|")
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, line in cases.items():
            runs = [seconds(line.split(), folder) for _ in range(options.n + 1)][1:]
            first, end, work = (median(column) for column in zip(*runs, strict=True))
            figures |= {f"{name}, first word s": first, f"{name}, end s": end}
            figures[f"{name}, processor s"] = work
            print(f"| {name} | {first:.2f} | {end:.2f} | {work:.2f} |", flush=True)
    late = [name for name, value in figures.items() if "first" in name and value > LIMIT]
    print(f"over {LIMIT} s to the first word: {', '.join(late) or 'none'}")
    history.keep("start-up", figures, options)


if __name__ == "__main__":
    main()

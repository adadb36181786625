"""``python -m fuzz [--scale 1] [--only CLASS] [--json FILE]``, in the folder tests.

Every class of input is tried in processes of its own, of limited memory; a case that takes over
30 seconds, ends the process, or raises anything but an ``InputError`` of one sentence is a
failure, and its file is kept.
"""

import argparse
import json
import sys
from pathlib import Path

from fuzz.running import CASES, Count, run_batch, try_class


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the cases of a full run")
    parser.add_argument("--only", choices=CASES, help="one class")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-failures"), help="for failures")
    parser.add_argument("--batch", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.batch:
        name, seed, n_cases = options.batch
        run_batch(name, int(seed), int(n_cases), options.keep)
        return
    total: dict[str, Count] = {}
    for name, n_cases in CASES.items():
        if options.only in (None, name):
            total[name] = try_class(
                name, round(n_cases * options.scale), options.seed, options.keep
            )
            sys.stdout.write(f"{json.dumps({name: total[name].__dict__})}\n")
            sys.stdout.flush()
    sys.stdout.write(table(total))
    sys.exit(any(count.n_failed for count in total.values()))


def table(total: dict[str, Count]) -> str:
    """Return the counts as a table of markdown."""
    rows = ["| input | cases | read | refused | failures | longest, s | memory, MiB |"]
    rows.append("|---|---|---|---|---|---|---|")
    for name, c in total.items():
        cells = (name, c.n_cases, c.n_read, c.n_refused, c.n_failed, f"{c.longest:.1f}", c.memory)
        rows.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    main()

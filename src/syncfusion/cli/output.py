"""What commands print: names of files and counts, one a line."""

import argparse
import sys
from collections.abc import Iterable, Mapping


def announce(options: argparse.Namespace) -> None:
    """Write on a terminal that a command is loading: what most of them import takes seconds.

    Args:
        options: ``at_once`` is set where nothing slow is imported before the first result.
    """
    if not getattr(options, "at_once", False) and sys.stderr.isatty():
        sys.stderr.write("loading …\n")
        sys.stderr.flush()


def write_lines(lines: Iterable[object]) -> None:
    """Write lines to stdout at once."""
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.flush()


def write_failures(failures: Mapping[str, str]) -> None:
    """Write a table of what failed, and why, by name; nothing where nothing did."""
    width = max(map(len, [*failures, "failed"]))
    table = {"failed": "because", **failures} if failures else {}
    write_lines(f"{name:{width}}  {reason}" for name, reason in table.items())

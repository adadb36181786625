"""What commands print: names of files and counts, one a line."""

import sys
from collections.abc import Iterable


def write_lines(lines: Iterable[object]) -> None:
    """Write lines to stdout at once."""
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.flush()

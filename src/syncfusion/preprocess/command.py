"""What the preprocessing scripts share: options, and how they end."""

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from pathlib import Path

from dotenv import find_dotenv, load_dotenv

from syncfusion.errors import InputError
from syncfusion.media import check_writable
from syncfusion.options import BAD_INPUT
from syncfusion.preprocess.places import PROCESSED, dataset_folder

DEFAULT = "default: %(default)s"  # in an option's help
INTERRUPTED = 130  # exit code
N_TEST = 5  # files of a trial run


def add_output_options(parser: ArgumentParser, dataset: Path) -> None:
    """Add the options that say how much is written, and where in the data set's folder."""
    parser.add_argument(
        "--test",
        action="store_const",
        const=N_TEST,
        dest="n_files",
        help=f"take the first {N_TEST} files only",
    )
    parser.add_argument(
        "--flatten", action="store_true", help="write all files into one folder, not one a video"
    )
    parser.add_argument("-o", "--output_dir", type=Path, default=dataset / PROCESSED, help=DEFAULT)


def run(command: Callable[[Path], int]) -> int:
    """Run a script.

    Args:
        command: is given the data set's folder, as .env and the environment have it; returns the
            exit code.

    Returns:
        Its exit code, or that of bad input or of Ctrl-C, after one sentence on stderr.
    """
    load_dotenv(find_dotenv(usecwd=True))
    try:
        return command(dataset_folder())
    except InputError as error:
        sys.stderr.write(f"{error}\n")
        return BAD_INPUT
    except KeyboardInterrupt:
        sys.stderr.write("\nstopped; run it again to go on\n")
        return INTERRUPTED


def check_output(folder: Path) -> None:
    """Fail at once, with an InputError, if a folder cannot be made or written to."""
    check_writable(folder / "any")


def outcome(failures: Mapping[str, str], n_files: int, output: Path) -> str:
    """Say how many files are done, after a table of those that failed.

    Args:
        failures: why they failed, by name.
        n_files: of all there were.
        output: where the others are.

    Returns:
        Lines of text.
    """
    width = max(map(len, [*failures, "failed"]))
    table = {"failed": "because", **failures} if failures else {}
    lines = [f"{name:{width}}  {reason}" for name, reason in table.items()]
    return "\n".join([*lines, f"{n_files - len(failures)} of {n_files} are in {output}"])

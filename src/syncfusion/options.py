"""Reading the command line's options; a mistake in one is reported in one sentence."""

import argparse
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

BAD_INPUT = 2  # exit code


class Parser(argparse.ArgumentParser):
    """An argument parser that does not print its usage with every mistake.

    Descriptions keep their lines in the help.

    Args:
        *options: those of ``argparse.ArgumentParser``.
        pass_on: whether all arguments are left to another parser: the command finds them in
            ``arguments``. ``--help`` alone is left to it where there is no description here.
        **named: those of ``argparse.ArgumentParser``, by name.
    """

    def __init__(self, *options: Any, pass_on: bool = False, **named: Any) -> None:
        lines = argparse.RawDescriptionHelpFormatter
        super().__init__(*options, **{"formatter_class": lines} | named)
        self.pass_on = pass_on

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> Any:
        """Parse the arguments, or keep them as they are."""
        if not self.pass_on or (self.description and args in (["-h"], ["--help"])):
            return super().parse_known_args(args, namespace)
        kept = argparse.Namespace(**self._defaults)
        kept.arguments = list(args or ())
        return kept, []

    def error(self, message: str) -> NoReturn:
        """Leave with one sentence on stderr."""
        self.exit(BAD_INPUT, f"{self.prog}: {message}; {self.prog} --help lists all options\n")


def add_overwrite(command: argparse.ArgumentParser) -> None:
    """Add the option of every command that writes files which somebody else may have made."""
    command.add_argument(
        "--overwrite",
        action="store_true",
        help="replace files that are there already, whoever made or changed them",
    )


def whole(lowest: int) -> Callable[[str], int]:
    """Return a reader of whole numbers that are not below ``lowest``."""

    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = lowest - 1
        if value < lowest:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number of {lowest} or more")
        return value

    return read


def number(lowest: float = -1e6, highest: float = 1e6) -> Callable[[str], float]:
    """Return a reader of numbers from ``lowest`` to ``highest``."""

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not lowest <= value <= highest:
            raise argparse.ArgumentTypeError(f"{text!r} is no number of {lowest:g} to {highest:g}")
        return value

    return read

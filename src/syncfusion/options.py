"""Reading the command line's options; what is wrong with one is said in one sentence."""

import argparse
from collections.abc import Callable
from typing import NoReturn

BAD_INPUT = 2  # exit code


class Parser(argparse.ArgumentParser):
    """An argument parser that does not print its usage with every mistake."""

    def error(self, message: str) -> NoReturn:
        """Leave with one sentence on stderr."""
        self.exit(BAD_INPUT, f"{self.prog}: {message}; {self.prog} --help lists all options\n")


def whole(lowest: int) -> Callable[[str], int]:
    """Return a reader of whole numbers that are not below ``lowest``."""

    def read(text: str) -> int:
        try:
            found = int(text)
        except ValueError:
            found = lowest - 1
        if found < lowest:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number of {lowest} or more")
        return found

    return read


def number(lowest: float = -1e6, highest: float = 1e6) -> Callable[[str], float]:
    """Return a reader of numbers from ``lowest`` to ``highest``."""

    def read(text: str) -> float:
        try:
            found = float(text)
        except ValueError:
            found = float("nan")
        if not lowest <= found <= highest:
            raise argparse.ArgumentTypeError(f"{text!r} is no number of {lowest:g} to {highest:g}")
        return found

    return read

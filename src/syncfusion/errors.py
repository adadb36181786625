"""The errors that end a command with one sentence."""

import contextlib
from collections.abc import Iterator


class InputError(ValueError):
    """Something given from outside cannot be used; the message names what, where and what to do.

    The command line prints the message as one sentence and exits with code 2.
    """


class CommandFailed(Exception):
    """A command ended badly, though its input was good.

    Args:
        message: one sentence.
        code: the exit code, 1 or more.
    """

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


@contextlib.contextmanager
def reading(what: str) -> Iterator[None]:
    """Name in the errors of a block what could not be read.

    Args:
        what: kind and path of the file, such as "the onsets clip.csv".

    Yields:
        Nothing.

    Raises:
        InputError: in place of an ``OSError`` or another ``InputError`` of the block.
    """
    try:
        yield
    except OSError as error:
        raise InputError(f"cannot read {what}: {error.strerror}; check its path") from error
    except InputError as error:
        raise InputError(f"cannot read {what}: {error}") from error

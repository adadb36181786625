"""The errors that end a command with one sentence."""

import contextlib
import errno
import os
from collections.abc import Iterator

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  # a full disk, by the number of an error
ADVICE = {  # what to do about an error of the operating system
    errno.ENOSPC: "free some space there and run it again",
    errno.EDQUOT: "free some space there and run it again",
    errno.EROFS: "choose a folder that can be written to",
    errno.EACCES: "choose another folder, or allow access",
    errno.EPERM: "choose another folder, or allow access",
    errno.ENAMETOOLONG: "give a shorter name by -o",
    errno.EFBIG: "write to another disk, or raise the limit of the size of files",
    errno.EMFILE: "close other programs or raise the limit of open files",
}


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


def system_sentence(error: OSError) -> str:
    """Return the sentence of an error of the operating system: what, where, what to do."""
    name = error.filename2 or error.filename
    what = error.strerror or str(error) or type(error).__name__
    advice = ADVICE.get(error.errno or 0, "mend that and run it again")
    return (
        f"{os.fsdecode(name) if isinstance(name, str | bytes) else 'the system'}: {what}; {advice}"
    )

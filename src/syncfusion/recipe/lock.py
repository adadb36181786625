"""One run at a time in a folder."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from syncfusion.errors import InputError

NAME = ".lock"


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[int]:
    """Hold a folder for this process, and for those it hands the lock to.

    Args:
        folder: made where it is missing.

    Yields:
        Descriptor of the lock file. A child that inherits it holds the folder for as long as it
        lives, even if this process is killed.

    Raises:
        InputError: if another run holds the folder, or it cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder / NAME, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise InputError(
            f"cannot write to the folder {folder} ({error.strerror}); give another --output"
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield lock
    except BlockingIOError as error:
        raise InputError(
            f"another run writes to {folder}; wait for it, or give another --output"
        ) from error
    finally:
        os.close(lock)

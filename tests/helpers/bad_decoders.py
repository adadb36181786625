"""Generator functions that do in the process that decodes what a faulty codec does there."""

import ctypes
import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import numpy as np

from syncfusion.errors import InputError
from syncfusion.media.limits import watched


def crash() -> Iterator[tuple]:
    """Read at address 0 after an item."""
    yield (1,)
    ctypes.string_at(0)


def abort(*_: object) -> NoReturn:
    """End as C++ does where nobody catches an exception."""
    os.abort()


def leave() -> NoReturn:
    """End as a library that calls exit."""
    os._exit(3)


def hang(*_: object) -> Iterator[tuple]:
    """Take no notice of anything, in a call that FFmpeg might make."""
    with watched():
        time.sleep(600)
    yield ()


def work_long(seconds: float) -> Iterator[tuple]:
    """Take long outside of FFmpeg, as an encoder does."""
    with watched():
        pass
    time.sleep(seconds)
    yield ("done",)


def swell(*_: object) -> Iterator[tuple]:
    """Take memory."""
    yield (len(np.ones(2**40, np.uint8)),)


def refuse() -> Iterator[tuple]:
    """Refuse the file after an item."""
    yield ("before",)
    raise InputError("the file is not liked")


def fill_disk() -> Iterator[tuple]:
    """Fail to write."""
    yield ()
    raise OSError(28, "No space left on device", "out.mp4")


def fail() -> Iterator[tuple]:
    """Have a bug."""
    yield ()
    raise LookupError("a bug")


def echo(*values: object) -> Iterator[tuple]:
    """Yield the arguments."""
    yield values


def counted(n_items: int, shape: tuple[int, ...]) -> Iterator[tuple]:
    """Yield two arrays at a time, full of the item's number, the second in another order."""
    for number in range(n_items):
        array = np.full(shape, number, np.int32)
        yield array, array.T


def warn() -> Iterator[tuple]:
    """Log a remark and a warning."""
    log = logging.getLogger("syncfusion.media.container")
    log.warning("%s", "a remark of 100 %", extra={"once": True})
    log.warning("left out %d", 3)
    yield ()


def count(path: Path) -> Iterator[tuple[int, np.ndarray]]:
    """Yield numbers without end, first that of the process; a file holds the last."""
    number = os.getpid()
    while True:
        with watched():
            number += 1
        path.write_text(str(number))
        yield number, np.zeros(2**16, np.uint8)


def pid() -> Iterator[tuple[int]]:
    """Yield the number of the process."""
    yield (os.getpid(),)


def where() -> Iterator[tuple[str]]:
    """Yield the working folder."""
    yield (os.getcwd(),)


def limits() -> Iterator[tuple[int, int]]:
    """Yield the limits of memory and of dumps."""
    import resource

    yield resource.getrlimit(resource.RLIMIT_AS)[0], resource.getrlimit(resource.RLIMIT_CORE)[0]


def size() -> Iterator[tuple[int]]:
    """Yield the bytes of address space that the process takes, once it has decoded something."""
    import syncfusion.media.grey  # noqa: F401 so that its libraries count

    pages = Path("/proc/self/statm").read_text().split()[0]
    yield (int(pages) * os.sysconf("SC_PAGE_SIZE"),)


def imported(module: str, other: str) -> bool:
    """Whether a module imports another."""
    import importlib
    import sys

    importlib.import_module(module)
    return other in sys.modules

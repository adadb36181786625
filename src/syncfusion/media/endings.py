"""How work in the process that decodes ended, as errors in the process it works for."""

import signal
from pathlib import Path
from typing import NoReturn

from syncfusion.errors import InputError
from syncfusion.media.limits import Limits

AGAIN = "export it again, or convert it to mp4 or wav"


def raise_failure(path: str | Path, kind: str, values: tuple, limits: Limits) -> None:
    """Raise what a function raised there; return where it ended well.

    Args:
        path: the file that was read.
        kind: of the last answer.
        values: of that answer.
        limits: of the process.
    """
    if kind == "refused":
        raise InputError(*values)
    if kind == "memory":
        raise InputError(
            f"{path} takes more memory to decode than it may ({limits.memory / 2**30:.3g} GiB); "
            "export it smaller"
        )
    if kind == "system":
        raise OSError(*values)
    if kind != "end":
        raise RuntimeError(f"decoding {path} failed:\n{' '.join(map(str, values))}")


def raise_death(path: str | Path, code: int, limits: Limits) -> NoReturn:
    """Raise how the process ended in the middle of its work.

    Args:
        path: the file that was read.
        code: its exit code, negative for a signal.
        limits: of the process.
    """
    name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
    if name == "SIGALRM":
        raise InputError(
            f"{path} makes its decoder hang ({limits.seconds:g} s without a result); {AGAIN}"
        )
    if name == "SIGKILL":
        raise InputError(
            f"the decoder of {path} was killed, perhaps for lack of memory; free some, or "
            "export the file smaller"
        )
    raise InputError(f"{path} makes its decoder crash ({name}); {AGAIN}")

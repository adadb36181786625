"""Limits of a process that decodes files of others: its memory, and the time of one step."""

import contextlib
import os
import signal
from typing import NamedTuple

MOST_MEMORY = 2**34  # bytes; 33 pictures of ``MOST_PIXELS``, in the largest format, have 12 GiB
LEAST_MEMORY = 2**32
SHARE = 0.75  # of the machine's memory
SECONDS = 60.0  # that FFmpeg may take to open a file, to find a packet, or to decode it
NEAR = 0.9  # of the limit; the largest picture is smaller than the rest
KILLED_FIRST = "500"  # where memory runs out, of 1000


class Limits(NamedTuple):
    """What a process may take.

    Args:
        memory: bytes of address space.
        seconds: of one step: opening a file, reading a packet, decoding it.
    """

    memory: int
    seconds: float


class _Watched:
    """Blocks that end this process if they take too long, or its parent has ended."""

    def __init__(self) -> None:
        self.limits = Limits(0, 0.0)  # none
        self.parent = 0

    def __enter__(self) -> None:
        if self.limits.seconds:
            if os.getppid() != self.parent:
                os._exit(1)
            _set_timer(self.limits.seconds)

    def __exit__(self, *_: object) -> None:
        if self.limits.seconds:
            _set_timer(0)


_watched = _Watched()


def watched() -> _Watched:
    """Return a ``with`` block that ends this process if it takes too long; see ``Limits``.

    Only the calls of codecs stand in such blocks: waiting for the parent to take what was decoded
    does not count, nor does writing a result. Where no limits were set, nothing happens.
    """
    return _watched


def usual_limits() -> Limits:
    """Return the limits for this machine; its memory counts where it is known."""
    memory = MOST_MEMORY
    if hasattr(os, "sysconf"):
        machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        memory = min(memory, max(LEAST_MEMORY, int(machine * SHARE)))
    return Limits(memory, SECONDS)


def limit_process(limits: Limits) -> None:
    """Set the limits of this process; a system without such limits has none."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = limits.memory if hard == resource.RLIM_INFINITY else min(limits.memory, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:
        score.write(KILLED_FIRST)
    _watched.limits, _watched.parent = limits, os.getppid()


def memory_is_short() -> bool:
    """Whether this process has come near its limit of memory.

    FFmpeg's decoders call a picture damaged where they had no memory for it.
    """
    if not _watched.limits.memory:
        return False
    with contextlib.suppress(OSError), open("/proc/self/status") as status:
        for line in status:
            if line.startswith("VmPeak:"):
                return int(line.split()[1]) * 1024 > NEAR * _watched.limits.memory
    return False


def _set_timer(seconds: float) -> None:
    """Let SIGALRM end this process, which no code of its own has to do; 0 for never."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)

"""Limits of a process that decodes files of others: its memory, and the time of one step."""

import contextlib
import os
import signal
from collections.abc import Iterator
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


class _Watch:
    """What this process is limited to; nothing before ``limit_process``."""

    limits = Limits(0, 0.0)
    parent = 0


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
    _Watch.limits, _Watch.parent = limits, os.getppid()


def memory_is_short() -> bool:
    """Whether this process has come near its limit of memory.

    FFmpeg's decoders call a picture damaged where they had no memory for it.
    """
    if not _Watch.limits.memory:
        return False
    with contextlib.suppress(OSError), open("/proc/self/status") as status:
        for line in status:
            if line.startswith("VmPeak:"):
                return int(line.split()[1]) * 1024 > NEAR * _Watch.limits.memory
    return False


@contextlib.contextmanager
def watched() -> Iterator[None]:
    """End this process if the block takes too long, or its parent has ended; see ``Limits``.

    Only the calls of codecs stand in such blocks: waiting for the parent to take what was decoded
    does not count, nor does writing a result. Where no limits were set, nothing happens.
    """
    if not _Watch.limits.seconds:
        yield
        return
    if os.getppid() != _Watch.parent:
        os._exit(1)
    _set_timer(_Watch.limits.seconds)
    try:
        yield
    finally:
        _set_timer(0)


def _set_timer(seconds: float) -> None:
    """Let SIGALRM end this process, which no code of its own has to do; 0 for never."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)

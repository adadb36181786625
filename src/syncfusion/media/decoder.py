"""The process that decodes: it does what is requested, within limits, until the pipe is closed.

It imports what decoding takes and no more; a module whose functions it runs must not import torch.
"""

import contextlib
import logging
import os
import signal
import threading
import traceback
from typing import Any, BinaryIO

from syncfusion.errors import InputError
from syncfusion.media.limits import limit_process, memory_is_short
from syncfusion.media.shared_memory import Sender
from syncfusion.media.wire import receive_request, send_answer

LEFT_TO_PARENT = ("SIGINT", "SIGTERM", "SIGHUP")  # which reach all processes of a terminal


class _Outlet:
    """Where answers go, one at a time."""

    def __init__(self, file: BinaryIO, shared: Sender | None) -> None:
        self._file, self._shared, self._lock = file, shared, threading.Lock()

    def send(self, kind: str, *values: Any) -> None:
        with self._lock:
            send_answer(self._file, kind, *values, shared=self._shared)

    def settle(self) -> None:
        """Wait until everything was received."""
        if self._shared is not None:
            self._shared.settle()


class _Forwarded(logging.Handler):
    """Lets the parent log what is logged here."""

    def __init__(self, outlet: _Outlet) -> None:
        super().__init__(logging.WARNING)
        self._outlet = outlet

    def emit(self, record: logging.LogRecord) -> None:
        once = bool(getattr(record, "once", False))
        self._outlet.send("log", record.name, record.levelno, record.getMessage(), once)


def serve(memory: int | None) -> None:
    """Answer requests until their pipe is closed.

    Args:
        memory: descriptor of the memory shared with the parent; None where there is none.
    """
    for name in LEFT_TO_PARENT:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
    requests, outlet = _pipes(memory)
    logging.getLogger().addHandler(_Forwarded(outlet))
    with contextlib.suppress(EOFError, BrokenPipeError):
        outlet.send("ready")
        while True:
            _answer(requests, outlet)


def _pipes(memory: int | None) -> tuple[BinaryIO, _Outlet]:
    """Return both ends, under numbers that no library writes to."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    shared = None if memory is None else Sender(memory, lambda: _acknowledgement(requests))
    return requests, _Outlet(answers, shared)


def _acknowledgement(requests: BinaryIO) -> None:
    if not requests.read(1):
        raise EOFError


def _answer(requests: BinaryIO, outlet: _Outlet) -> None:
    """Send all items of the next request's generator, then how it ended."""
    outlet.settle()
    try:
        request = receive_request(requests)
        if request.folder is not None:
            os.chdir(request.folder)
        limit_process(request.limits)
        for item in request.function(*request.arguments):
            outlet.send("item", *item)
        outlet.send("end", memory_is_short())
    except InputError as error:
        outlet.send("refused", str(error))
    except MemoryError:
        outlet.send("memory")
    except (EOFError, BrokenPipeError):
        raise
    except OSError as error:
        name = None if error.filename is None else str(error.filename)
        outlet.send("system", error.errno, error.strerror, name)
    except Exception:
        outlet.send("bug", traceback.format_exc())

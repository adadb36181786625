"""Decoding in a process of its own: what crashes, hangs or swells there is a sentence here.

``answers`` runs a generator function of this package in a child process (``decoder.py``) and
yields what it yields. A child is kept for the next request; it ends with this process, however
that ends, as its pipe is then closed.
"""

import atexit
import contextlib
import functools
import io
import logging
import os
import signal
import subprocess
import sys
import weakref
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

from syncfusion.media import shared_memory
from syncfusion.media.endings import raise_death, raise_failure
from syncfusion.media.limits import usual_limits
from syncfusion.media.wire import Request, Work, receive_answer, send_request

PROGRAM = "import sys; sys.path[:] = {!r}; from syncfusion.media.decoder import serve; serve({})"
# one thread for numpy, and few heaps: each reserves address space, which is limited
SETTINGS = {"OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "4"}
PIPE_BYTES = 2**20  # decoded ahead of what was taken, at most


def answers(path: str | Path, function: Work, *arguments: object) -> Generator[tuple, None, None]:
    """Run a generator function in a child process and yield its items.

    The child works ahead by what fits its pipe. Warnings it logs are logged here.

    Args:
        path: the file that is read, for errors.
        function: of a module that does not import torch; its items are tuples of plain values
            (of json) and arrays.
        *arguments: picklable.

    Yields:
        The items.

    Raises:
        InputError: as the function raises it, and where the child crashes, hangs, or takes more
            memory than it may.
        OSError: as the function raises it.
        RuntimeError: for any other exception of the function, with its traceback.
    """
    limits = usual_limits()
    child = _taken()
    try:
        yield from child.answers(path, Request(function, arguments, limits, _folder()))
    finally:
        if child.is_free and not _kept:
            _kept.append(child)
        else:
            child.end()


def answer(path: str | Path, function: Callable[..., Any], *arguments: object) -> Any:
    """Call a function in a child process and return its result, as ``answers`` does its items."""
    [(result,)] = answers(path, _single, function, *arguments)
    return result


def _single(function: Callable[..., Any], *arguments: object) -> Iterator[tuple[Any]]:
    yield (function(*arguments),)


class _Child:
    """A process that decodes, one request after another."""

    def __init__(self) -> None:
        self.is_free = True
        self._owner = os.getpid()
        memory = shared_memory.create()
        self._shared = None if memory is None else shared_memory.Receiver(memory)
        self._process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM.format(sys.path, memory)],
            pass_fds=() if memory is None else (memory,),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env=os.environ | SETTINGS,
        )
        if memory is not None:
            os.close(memory)
        assert isinstance(self._process.stdin, io.FileIO)
        assert isinstance(self._process.stdout, io.FileIO)
        self._requests, self._pipe = self._process.stdin, self._process.stdout
        _enlarge(self._pipe.fileno())
        self._answers = io.BufferedReader(self._pipe, 2**16)
        self._is_ready = False
        _all.add(self)

    @property
    def runs(self) -> bool:
        """Whether it waits for a request."""
        return self._process.poll() is None

    def answers(self, path: str | Path, request: Request) -> Iterator[tuple]:
        """Yield the items of one request."""
        self.is_free = False
        try:
            with contextlib.suppress(BrokenPipeError):
                send_request(self._requests, request)
            while True:
                kind, values, is_shared = receive_answer(self._answers, self._shared)
                if is_shared:
                    self._acknowledge()
                if kind == "item":
                    yield values
                elif kind == "log":
                    _log(*values)
                elif kind == "ready":
                    self._is_ready = True
                else:
                    self.is_free = kind != "memory" and (kind, *values) != ("end", True)
                    return raise_failure(path, kind, values, request.limits)
        except EOFError:
            code = self._process.wait()
            if not self._is_ready and code != -signal.SIGKILL:
                raise RuntimeError(
                    f"the process that decodes cannot start (exit code {code})"
                ) from None
            raise_death(path, code, request.limits)

    def _acknowledge(self) -> None:
        with contextlib.suppress(BrokenPipeError):
            self._requests.write(b"\0")

    def end(self) -> None:
        """End the process at once; one that another process started is only let go."""
        if os.getpid() == self._owner:
            self._process.kill()
            self._process.wait()
        self.let_go()

    def let_go(self) -> None:
        """Close the pipe: the process ends when all that have it do so."""
        self._requests.close()
        self._pipe.close()  # not the buffer, whose lock a thread may have had at a fork
        if self._process.returncode is None:
            self._process.returncode = 0  # nobody is going to wait for it


_kept: list[_Child] = []  # at most one, idle
_all: "weakref.WeakSet[_Child]" = weakref.WeakSet()


def _taken() -> _Child:
    """Return an idle child, else a new one."""
    with contextlib.suppress(IndexError):
        child = _kept.pop()
        if child.runs:
            return child
        child.end()
    return _Child()


def _folder() -> Path | None:
    try:
        return Path.cwd()
    except FileNotFoundError:
        return None


def _log(name: str, level: int, text: str, once: bool) -> None:
    (_log_once if once else _log_now)(name, level, text)


def _log_now(name: str, level: int, text: str) -> None:
    logging.getLogger(name).log(level, "%s", text)


_log_once = functools.cache(_log_now)  # in a process, however often a file is opened


def _enlarge(pipe: int) -> None:
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)


def let_go_of_all() -> None:
    """Close all pipes of this process; after a fork the parent still has its own."""
    for child in list(_all):
        child.let_go()
    _kept.clear()


atexit.register(let_go_of_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=let_go_of_all)

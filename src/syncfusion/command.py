"""How every command begins and ends: environment, signals, one sentence and exit code."""

import logging
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

from dotenv import find_dotenv, load_dotenv

from syncfusion.errors import CommandFailed, InputError, system_sentence
from syncfusion.extras import missing_extra
from syncfusion.options import BAD_INPUT
from syncfusion.places import CHECKOUT

STOPPED = "stopped; no unfinished file is left; run it again"
ENDINGS = ("SIGINT", "SIGTERM", "SIGHUP")  # signals that end a command as Ctrl-C does
SIGNALLED = 128  # an exit code above it is the number of a signal, as shells have it


class Stopped(KeyboardInterrupt):
    """A signal that ends the process, as Ctrl-C does.

    Args:
        number: of the signal.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def run_command(command: Callable[[], int | None]) -> None:
    """Run a command and turn what goes wrong into one sentence on stderr and an exit code.

    ``.env`` is read first: that of the working folder or a folder above it, then the checkout's.

    Args:
        command: parses its arguments and does the work; returns its exit code, None for 0.

    Raises:
        SystemExit: with 2 after bad input or an error of the operating system, with the code of a
            ``CommandFailed``, or with the command's own code where it is not 0. After Ctrl-C,
            SIGTERM or SIGHUP the process ends at once with 128 and the signal's number.
    """
    # set before torch is imported: threads that spin while they wait for each other take ten times
    # as long where anything else runs, and save a quarter where nothing does
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    _make_streams_usable()
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    try:
        _catch_signals()
        _read_environment()
        code = command()
        sys.stdout.flush()
    except (InputError, CommandFailed, ModuleNotFoundError, OSError) as error:
        _end(error)
    except KeyboardInterrupt as stop:
        number = stop.number if isinstance(stop, Stopped) else signal.SIGINT
        _write_message(f"\nsyncfusion: {STOPPED}\n")
        os._exit(SIGNALLED + number)  # torch's threads may be inside a kernel: do not wait for them
    if code:
        sys.exit(code)


def _make_streams_usable() -> None:
    """Replace closed streams, and write characters that a terminal lacks as escapes."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115 open until the process ends
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _catch_signals() -> None:
    """Let signals raise ``Stopped`` in the main thread; ignored ones (nohup) stay ignored."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise Stopped(number)

    for name in ENDINGS:
        number = getattr(signal, name, None)  # SIGHUP is not everywhere
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, stop)


def _read_environment() -> None:
    """Set the variables of ``.env`` that the environment does not set itself."""
    load_dotenv(find_dotenv(usecwd=True))
    if CHECKOUT is not None:
        load_dotenv(CHECKOUT / ".env")


def _end(error: Exception) -> NoReturn:
    """Write the sentence of an error and exit; one that is no user's matter is raised again."""
    if isinstance(error, BrokenPipeError):
        _discard_output()
        sys.exit(SIGNALLED + signal.SIGPIPE)
    if isinstance(error, ModuleNotFoundError):
        missing = missing_extra(error)
        if missing is None:
            raise error
        error = missing
    sentence = system_sentence(error) if isinstance(error, OSError) else str(error)
    _write_message(f"syncfusion: {sentence}\n")
    sys.exit(error.code if isinstance(error, CommandFailed) else BAD_INPUT)


def _write_message(text: str) -> None:
    """Write to stderr if anybody can still read it."""
    try:
        sys.stdout.flush()
    except OSError:
        _discard_output()
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        pass


def _discard_output() -> None:
    """Send what stdout still holds nowhere, so that closing it at the exit cannot fail."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

"""How a command of ours begins and ends: the one door of every command and script."""

import logging
import os
import sys
from collections.abc import Callable
from typing import NoReturn

from dotenv import find_dotenv, load_dotenv

from syncfusion.errors import CommandFailed, InputError
from syncfusion.extras import missing_extra
from syncfusion.options import BAD_INPUT
from syncfusion.places import CHECKOUT

INTERRUPTED = 130  # exit code after Ctrl-C, as shells have it
STOPPED = "stopped; no unfinished file is left; run it again"


def run_command(command: Callable[[], int | None]) -> None:
    """Run a command and turn what goes wrong into one sentence on stderr and an exit code.

    ``.env`` is read first: that of the working folder or a folder above it, then the checkout's.

    Args:
        command: parses its arguments and does the work; returns its exit code, None for 0.

    Raises:
        SystemExit: with 2 after bad input, with the code of a ``CommandFailed``, or with the
            command's own code where it is not 0. After Ctrl-C the process ends at once with 130.
    """
    # set before torch is imported: threads that spin while they wait for each other take ten times
    # as long where anything else runs, and save a quarter where nothing does
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    try:
        _read_environment()
        code = command()
    except InputError as error:
        _end(str(error), BAD_INPUT)
    except CommandFailed as error:
        _end(str(error), error.code)
    except ModuleNotFoundError as error:
        missing = missing_extra(error)
        if missing is None:
            raise
        _end(str(missing), BAD_INPUT)
    except KeyboardInterrupt:
        sys.stderr.write(f"\nsyncfusion: {STOPPED}\n")
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(INTERRUPTED)  # torch's threads may be inside a kernel: do not wait for them
    if code:
        sys.exit(code)


def _read_environment() -> None:
    """Set the variables of ``.env`` that the environment does not set itself."""
    load_dotenv(find_dotenv(usecwd=True))
    if CHECKOUT is not None:
        load_dotenv(CHECKOUT / ".env")


def _end(sentence: str, code: int) -> NoReturn:
    sys.stderr.write(f"syncfusion: {sentence}\n")
    sys.exit(code)

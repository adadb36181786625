"""How a training ends when Lightning does not finish it: as our commands expect it."""

import contextlib
import signal
from collections.abc import Iterator

from lightning_fabric.utilities.exceptions import MisconfigurationException
from pytorch_lightning.utilities.exceptions import SIGTERMException

from syncfusion.command import Stopped
from syncfusion.errors import InputError


@contextlib.contextmanager
def lightning_outcome() -> Iterator[None]:
    """Pass Ctrl-C and signals on, which Lightning turns into exit codes 1 and 0, and its errors.

    Raises:
        KeyboardInterrupt: where Lightning ended the process after one, or after SIGTERM.
        InputError: where Lightning refuses a setting, or a checkpoint is not there.
    """
    try:
        yield
    except SIGTERMException as ended:
        raise Stopped(signal.SIGTERM) from ended
    except SystemExit as ended:
        interruption = ended.__context__
        if isinstance(interruption, KeyboardInterrupt):
            raise interruption from None
        raise
    except (MisconfigurationException, FileNotFoundError) as error:
        raise InputError(" ".join(str(error).split())) from error

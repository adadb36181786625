"""How a training ends when Lightning does not finish it: as our commands expect it."""

import contextlib
import signal
import traceback
from collections.abc import Iterator

from lightning_fabric.utilities.exceptions import MisconfigurationException
from omegaconf.errors import OmegaConfBaseException
from pytorch_lightning.utilities.exceptions import SIGTERMException

from syncfusion.command import Stopped
from syncfusion.errors import InputError


@contextlib.contextmanager
def lightning_outcome() -> Iterator[None]:
    """Pass Ctrl-C and signals on, which Lightning turns into exit codes 1 and 0, and its errors.

    Raises:
        KeyboardInterrupt: where Lightning ended the process after one, or after SIGTERM.
        InputError: where Lightning refuses a setting, a reference in the settings leads nowhere,
            or a checkpoint is not there.
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
    except (MisconfigurationException, FileNotFoundError, OmegaConfBaseException) as error:
        raise InputError(" ".join(str(error).split())) from error
    except ValueError as error:
        if _is_lightnings(error):
            raise InputError(" ".join(str(error).split())) from error
        raise


def _is_lightnings(error: ValueError) -> bool:
    """Return whether Lightning raised an error itself, about a setting of its trainer."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    module = frames[-1].f_globals.get("__name__", "") if frames else ""
    return module.split(".")[0] in ("pytorch_lightning", "lightning_fabric")

"""How a training ends when Lightning does not finish it: as our commands expect it."""

import contextlib
from collections.abc import Iterator

from lightning_fabric.utilities.exceptions import MisconfigurationException

from syncfusion.errors import InputError


@contextlib.contextmanager
def lightning_outcome() -> Iterator[None]:
    """Pass Ctrl-C on, which Lightning turns into exit code 1, and its errors about settings.

    Raises:
        KeyboardInterrupt: where Lightning ended the process after one.
        InputError: where Lightning refuses a setting, or a checkpoint is not there.
    """
    try:
        yield
    except SystemExit as ended:
        interruption = ended.__context__
        if isinstance(interruption, KeyboardInterrupt):
            raise interruption from None
        raise
    except (MisconfigurationException, FileNotFoundError) as error:
        raise InputError(" ".join(str(error).split())) from error

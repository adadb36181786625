"""Which files are this program's own, unchanged since it wrote them: only those may be replaced.

The sha256 of every result is noted in ``places.state_folder()``. A file whose content is not noted
there was made by somebody else, or was edited since; it is kept unless the user allows that it is
replaced.
"""

import contextlib
import logging
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from syncfusion.errors import InputError
from syncfusion.hashing import file_hash
from syncfusion.places import state_folder

NOTES = "results.txt"  # one sha256 a line
log = logging.getLogger(__name__)


def note_results(paths: Iterable[Path]) -> None:
    """Note that files are results of this program, as they are now.

    A folder of notes that cannot be written is a warning: the files are then kept by later runs.
    """
    notes = state_folder() / NOTES
    try:
        notes.parent.mkdir(parents=True, exist_ok=True)
        with open(notes, "a", encoding="ascii") as file:
            file.writelines(f"{file_hash(path)}\n" for path in paths)
    except OSError as error:
        log.warning(
            "%s cannot be written (%s), so results are not replaced by later runs without "
            "--overwrite; set SYNCFUSION_HOME to a folder that can",
            notes,
            error.strerror,
        )


def check_replaceable(paths: Iterable[Path], *, overwrite: bool = False) -> None:
    """Fail where a name is taken by a file that is not this program's own.

    Args:
        paths: files that will be written; they need not exist. Folders are left to what writes.
        overwrite: whether the user allows to replace whatever is there.

    Raises:
        InputError: if one of them exists and was made by somebody else or changed since.
    """
    taken = [path for path in paths if os.path.lexists(path) and not path.is_dir()]
    if overwrite or not taken:
        return
    noted = _noted()
    foreign = [path for path in taken if not path.is_file() or file_hash(path) not in noted]
    if foreign:
        others = f" (and {len(foreign) - 1} more)" if len(foreign) > 1 else ""
        raise InputError(
            f"{foreign[0]}{others} is there already and was not made by syncfusion, or was changed "
            "since; choose another name by -o, or replace it by --overwrite"
        )


def are_own(paths: Iterable[Path]) -> bool:
    """Whether files are all there, as this program wrote them."""
    noted = _noted()
    return all(path.is_file() and file_hash(path) in noted for path in paths)


@contextlib.contextmanager
def results(paths: Iterable[Path], *, overwrite: bool = False) -> Iterator[None]:
    """Check that files may be written, and note them when the block ends without an error.

    Args:
        paths: files that the block writes, or some of which it writes.
        overwrite: as for ``check_replaceable``.

    Yields:
        Nothing.

    Raises:
        InputError: as ``check_replaceable`` does.
    """
    paths = list(paths)
    check_replaceable(paths, overwrite=overwrite)
    yield
    note_results(path for path in paths if path.is_file())


def _noted() -> set[str]:
    try:
        return set((state_folder() / NOTES).read_text(encoding="ascii").split())
    except (OSError, UnicodeDecodeError):
        return set()

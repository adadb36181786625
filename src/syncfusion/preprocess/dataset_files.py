"""Where the data set lies, and which of its files belongs to which video."""

import glob
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from syncfusion.errors import InputError

# folders of the data set, as published
VIDEOS, TIMES, PROCESSED = "mic-mp4", "times-txt", "mic-mp4-processed"
VIDEO_SUFFIX = "_mic.mp4"  # Greatest Hits: <id>_mic.mp4 …
TIMES_SUFFIX = "_times.txt"  # … and its annotation, <id>_times.txt


def dataset_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder that holds the data set's folders.

    Args:
        environment: its DIR_DATA names the folder of all data sets.

    Returns:
        ``DIR_DATA/greatest-hits``, with ``data`` for DIR_DATA where it is not set.
    """
    return Path(environment.get("DIR_DATA") or "data") / "greatest-hits"


def find_files(folder: Path, suffix: str, *, option: str) -> dict[str, Path]:
    """Find the files ``<id><suffix>`` of a folder.

    Args:
        folder: where to look; not in the folders in it.
        suffix: what follows the id in a file's name.
        option: the option that gave the folder, for the error.

    Returns:
        The files by id, sorted: their order does not depend on the file system.

    Raises:
        InputError: if there is none.
    """
    found = [path for path in folder.glob(f"?*{glob.escape(suffix)}") if path.name[0] != "."]
    if not found:
        raise InputError(f"{folder} holds no *{suffix}; give the folder of such files by {option}")
    return dict(sorted((path.name[: -len(suffix) or None], path) for path in found))


def first_few(names: Iterable[str], n: int = 3) -> str:
    """Return some names as text: all if they are few, else the first and how many more."""
    names = list(names)
    more = f" and {len(names) - n} more" if len(names) > n else ""
    return ", ".join(names[:n]) + more

"""Takes kept on disk by their key: bounded, the least recently used go first."""

import contextlib
import logging
import os
import struct
import tempfile
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from syncfusion.errors import InputError
from syncfusion.media import temporary_sibling
from syncfusion.places import takes_folder
from syncfusion.rendering.events.takes import FULL_SCALE, Take

LIMIT = 2**30  # bytes, about ten thousand hits
MARK = b"SFT1"
HEADER = struct.Struct("<4sII")  # MARK, attack, checksum of the samples: int32, little-endian
log = logging.getLogger(__name__)


class _Entry(NamedTuple):
    used: float
    size: int
    path: Path


class TakeCache:
    """Takes on disk, one file each; several processes may share a folder.

    A damaged file counts as none and is replaced.

    Args:
        folder: of the files; made when the first take is put.
        limit_bytes: size to which ``trim`` cuts the folder down.
    """

    def __init__(self, folder: str | Path, limit_bytes: int = LIMIT) -> None:
        self.folder, self.limit_bytes = Path(folder), limit_bytes

    def __contains__(self, key: str) -> bool:
        return self._path(key).is_file()

    def get(self, key: str) -> Take | None:
        """Return the take of a key, None if it is not there; it becomes the most recently used."""
        path = self._path(key)
        try:
            content = path.read_bytes()
            mark, attack, checksum = HEADER.unpack_from(content)
            if mark != MARK or checksum != zlib.crc32(memoryview(content)[HEADER.size :]):
                return None
            os.utime(path)
            samples = np.frombuffer(content, "<i4", offset=HEADER.size).astype(np.float32)
            return Take(torch.from_numpy(samples)[None] / FULL_SCALE, attack, key)
        except (OSError, ValueError, struct.error):
            return None

    def put(self, take: Take) -> None:
        """Keep a take.

        Args:
            take: its key names the file.

        Raises:
            InputError: if the folder cannot be written to, or the disk is full.
        """
        grid = (take.samples[0] * FULL_SCALE).round().to(torch.int32).numpy()
        samples = grid.astype("<i4").tobytes()
        try:
            with temporary_sibling(self._path(take.key)) as temporary:
                header = HEADER.pack(MARK, take.attack, zlib.crc32(samples))
                temporary.write_bytes(header + samples)
        except (OSError, InputError) as error:
            raise InputError(
                f"cannot keep takes in {self.folder} ({error}); free disk space, or set "
                "SYNCFUSION_TAKES to a folder that can be written to"
            ) from error

    def trim(self) -> None:
        """Remove the least recently used takes until the rest fits ``limit_bytes``."""
        entries = sorted(self._entries())
        excess = sum(entry.size for entry in entries) - self.limit_bytes
        for entry in entries:
            if excess <= 0:
                return
            with contextlib.suppress(OSError):
                entry.path.unlink()
            excess -= entry.size

    def _entries(self) -> Iterator[_Entry]:
        for path in self.folder.glob("??/*.take"):
            with contextlib.suppress(OSError):  # another process removed it
                stat = path.stat()
                yield _Entry(stat.st_mtime, stat.st_size, path)

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.take"


def default_cache() -> TakeCache:
    """Return the cache in the user's folder, or in a temporary one where that is read-only."""
    folder = takes_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK)
    except OSError:
        writable = False
    return TakeCache(folder if writable else _temporary(folder))


@cache
def _temporary(folder: Path) -> Path:
    """Return a folder that lasts as long as the process, and warn once."""
    log.warning(
        "%s cannot be written, so takes are kept for this run only; set SYNCFUSION_TAKES to a "
        "folder that can",
        folder,
    )
    kept = tempfile.TemporaryDirectory(prefix="syncfusion-takes-")
    _KEPT.append(kept)
    return Path(kept.name)


_KEPT: list[tempfile.TemporaryDirectory] = []

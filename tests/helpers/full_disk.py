"""Disks that are really full: a small file system in memory, or a limit on the size of files."""

import contextlib
import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

BALLAST = ".ballast"
SIZE = 64 * 2**20  # bytes of the file system


@contextlib.contextmanager
def small_disk(folder: Path, room: int = 0) -> Iterator[Callable[[], None]]:
    """Mount a file system on a folder, full but for some bytes; skip where that is forbidden.

    Args:
        folder: with the files that are there before; a missing one is made.
        room: bytes that are free.

    Yields:
        To be called to make room.
    """
    folder.mkdir(parents=True, exist_ok=True)
    before = contents(folder)
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no file system may be mounted here")
    try:
        for name, content in before.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        ballast = folder / BALLAST
        with ballast.open("wb") as file:
            free = os.statvfs(folder)
            os.posix_fallocate(file.fileno(), 0, free.f_bavail * free.f_bsize - room)
        yield ballast.unlink
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextlib.contextmanager
def read_only_disk(folder: Path) -> Iterator[Callable[[], None]]:
    """Mount a file system on a folder that cannot be written to; see ``small_disk``."""

    def remount(mode: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{mode}", str(folder)], check=True)

    with small_disk(folder, SIZE // 2):
        remount("ro")
        yield lambda: remount("rw")


@contextlib.contextmanager
def limited_files(folder: Path, room: int = 0) -> Iterator[Callable[[], None]]:
    """Let no file of this process grow beyond some bytes; see ``small_disk``."""
    folder.mkdir(parents=True, exist_ok=True)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def release() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        yield release
    finally:
        release()


def contents(folder: Path) -> dict[str, bytes]:
    """The files of a folder, hidden ones too, and their bytes."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != BALLAST]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}

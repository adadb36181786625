"""Free disk space, looked at before a download begins."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from syncfusion.checkpoint.remote import Remote
from syncfusion.errors import InputError

SPARE = 64 * 2**20  # bytes that stay free


def check_room(files: Iterable[tuple[Remote, Path]]) -> None:
    """Check that the disks have room for files that are to be fetched.

    Args:
        files: each with its place; those that are there, and parts of earlier tries, need none.

    Raises:
        InputError: if a disk has too little left; nothing was fetched by then.
    """
    needed: dict[int, int] = {}
    places: dict[int, Path] = {}
    for remote, target in files:
        if not target.exists():
            folder = next(parent for parent in target.absolute().parents if parent.is_dir())
            part = part_of(target)
            there = part.stat().st_size if part.is_file() else 0
            disk = folder.stat().st_dev
            needed[disk] = needed.get(disk, 0) + max(0, remote.size - there)
            places[disk] = folder
    for disk, size in needed.items():
        free = shutil.disk_usage(places[disk]).free
        if size and size + SPARE > free:
            raise InputError(
                f"{places[disk]} has {free / 1e9:.1f} GB free and {size / 1e9:.1f} GB are to be "
                "fetched; free some space there and run it again"
            )


def part_of(target: Path) -> Path:
    """Return where a file is collected until it is whole."""
    return target.with_name(f"{target.name}.part")

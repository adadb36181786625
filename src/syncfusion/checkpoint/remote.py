"""A file that can be fetched, and how it is known for the right one."""

import hashlib
from pathlib import Path
from typing import NamedTuple

from syncfusion.errors import InputError


class Remote(NamedTuple):
    """A file that can be fetched.

    Args:
        name: its name there.
        url: its address.
        checksum: ``algorithm:hexadecimal``, by hashlib's name of the algorithm; empty if unknown.
        size: bytes, 0 if unknown.
        repository: of the Hugging Face hub, empty for another server.
        is_pinned: whether checksum and size are part of this program, not the server's word.
    """

    name: str
    url: str
    checksum: str = ""
    size: int = 0
    repository: str = ""
    is_pinned: bool = False

    @property
    def algorithm(self) -> str:
        """Algorithm of the checksum."""
        return self.checksum.partition(":")[0]

    @property
    def assurance(self) -> str:
        """What a file that passed ``check`` was compared with, in words."""
        if not self.checksum:
            return "not verified: no checksum of it is known"
        if self.is_pinned:
            return f"{self.algorithm} checked against the one pinned in this program"
        return (
            f"{self.algorithm} checked against the server's own list; "
            "none of it is pinned in this program"
        )


def check(remote: Remote, path: Path, otherwise: str) -> None:
    """Compare a file's size and checksum with the published ones, as far as these are known.

    Args:
        remote: the published file.
        path: the file that is there.
        otherwise: end of the message where they differ.

    Raises:
        InputError: if they differ.
    """
    size = path.stat().st_size
    if remote.size and size != remote.size:
        raise InputError(f"{path} {otherwise} (it has {size} bytes, not {remote.size})")
    if remote.checksum:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, remote.algorithm).hexdigest()
        if f"{remote.algorithm}:{found}" != remote.checksum:
            raise InputError(
                f"{path} {otherwise} (it has {remote.algorithm}:{found}, not {remote.checksum})"
            )

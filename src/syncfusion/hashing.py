"""Files by the hash of their content; it imports no torch, as the studio's server uses it."""

import hashlib
from pathlib import Path


def file_hash(path: str | Path) -> str:
    """Return the sha256 of a file, in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

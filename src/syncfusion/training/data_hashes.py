"""Hashes by which data are known again, wherever they lie."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

from syncfusion.errors import reading
from syncfusion.shards import find_shards

END_BYTES = 2**20  # of a shard, hashed at its beginning and end
SPLITS = ("train.txt", "val.txt")


def shard_hashes(data: Mapping[str, Any]) -> dict[str, str]:
    """Return a hash of every shard of a configuration's training and validation.

    Args:
        data: the group ``data``: ``train`` and ``validation`` name shards, or list sets of them.

    Returns:
        By split and file name; a url stands for itself.

    Raises:
        InputError: if a shard is not there.
    """
    found: dict[str, str] = {}
    for split in ("train", "validation"):
        for shard in find_shards(list(_urls(data.get(split)))):
            found[f"{split}/{Path(shard).name}"] = shard_hash(shard)
    return found


def shard_hash(shard: str) -> str:
    """Return a hash of a shard's size, first and last mebibyte; of a url, the url.

    Args:
        shard: path or url.

    Returns:
        16 hexadecimal digits; a url is returned unchanged.

    Raises:
        InputError: if it is a path and cannot be read.
    """
    if urlparse(shard).scheme not in ("", "file"):
        return shard
    path = Path(shard.removeprefix("file:"))
    with reading(f"the shard {shard}"):
        size = path.stat().st_size
        with path.open("rb") as file:
            digest = hashlib.sha256(f"{size}:".encode() + file.read(END_BYTES))
            file.seek(max(END_BYTES, size - END_BYTES))
            digest.update(file.read(END_BYTES))
    return digest.hexdigest()[:16]


def root_hashes(folders: Iterable[Path]) -> dict[str, str]:
    """Return a hash of the split lists and annotations of every folder of clips.

    Args:
        folders: with ``train.txt`` and ``val.txt``; a list that is not there is left out.

    Returns:
        By the folder's place in the list and the split.
    """
    found = {}
    for number, folder in enumerate(folders):
        for name in SPLITS:
            listed = Path(folder) / name
            if listed.is_file():
                found[f"root {number}/{name}"] = _split_hash(listed)
    return found


def _split_hash(listed: Path) -> str:
    content = listed.read_bytes()
    digest = hashlib.sha256(content)
    for name in content.decode("utf-8", "replace").split():
        for times in sorted((listed.parent / name).glob("*.times.csv")):
            digest.update(times.read_bytes())
    return digest.hexdigest()[:16]


def _urls(named: Any) -> Iterable[str]:
    if isinstance(named, str):
        yield named
    for each in named if isinstance(named, list | tuple) else ():
        yield from _urls(each["shards"] if isinstance(each, Mapping) else each)

"""Files from the net: resumed where they broke off, checked, and whole or not there."""

import contextlib
import hashlib
import http.client
import json
import os
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from syncfusion.errors import InputError

BLOCK = 2**20  # bytes read at once
PATIENCE = 60  # seconds a server may be silent
TRIES = 3  # a server may break off this often without having sent anything new
FAILURES = (urllib.error.URLError, http.client.HTTPException, OSError)
GIT = "git"  # the sha1 that git gives a file; other algorithms have hashlib's names

Told = Callable[[int, int], None]  # (bytes there, bytes in all, 0 where unknown)


class Remote(NamedTuple):
    """A file that can be fetched.

    Args:
        name: its name there.
        url: where it is.
        checksum: ``algorithm:hexadecimal``, empty where it is unknown.
        size: bytes, 0 where unknown.
    """

    name: str
    url: str
    checksum: str = ""
    size: int = 0

    @property
    def algorithm(self) -> str:
        """What the checksum is computed by."""
        return self.checksum.partition(":")[0]


def fetch_json(url: str) -> Any:
    """Read what a server answers in JSON; fails with an ``InputError``."""
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            return json.load(answer)
    except (*FAILURES, ValueError) as error:
        raise InputError(f"cannot read {url} ({error}); check the connection") from error


def fetch(remote: Remote, target: Path, *, told: Told = lambda done, total: None) -> str:
    """Fetch a file, going on with what an earlier try has left in ``<target>.part``.

    Args:
        remote: what to fetch.
        target: where to; if it is there already it is checked and not fetched.
        told: how far it is.

    Returns:
        The sha256 of the file.

    Raises:
        InputError: if the server does not give it or gives something else, the file that is there
            is another one, or the folder cannot be written to.
    """
    if target.exists():
        _check(remote, target, "is another file than the published one; move it away")
        return digest(target, "sha256")
    part = target.with_name(f"{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.touch()
    except OSError as error:
        raise InputError(
            f"cannot write to the folder {target.parent} ({error.strerror}); allow writing"
        ) from error
    _complete(remote, part, told)
    try:
        _check(remote, part, f"came damaged from {remote.url} and was deleted; run it again")
    except InputError:
        part.unlink()
        raise
    os.replace(part, target)
    return digest(target, "sha256")


def digest(path: Path, algorithm: str) -> str:
    """Return a checksum of a file, in hexadecimal."""
    with path.open("rb") as file:
        if algorithm != GIT:
            return hashlib.file_digest(file, algorithm).hexdigest()
        header = b"blob %d\0" % path.stat().st_size
        return hashlib.file_digest(file, lambda: hashlib.sha1(header)).hexdigest()


def _complete(remote: Remote, part: Path, told: Told) -> None:
    tries = TRIES
    while True:
        before = part.stat().st_size
        try:
            if _append(remote, part, before, told):
                return
            error: Exception | str = "the connection was closed early"
        except FAILURES as failure:
            error = failure
        tries = TRIES if part.stat().st_size > before else tries - 1
        if tries == 0:
            if not part.stat().st_size:
                part.unlink()
            raise InputError(
                f"cannot fetch {remote.url} ({error}); run it again to go on, "
                f"or fetch it elsewhere and put it at {part.with_suffix('')}"
            )


def _append(remote: Remote, part: Path, before: int, told: Told) -> bool:
    """Append what the server sends; return whether the file is whole now."""
    with _opened(remote.url, before) as (answer, start, total), part.open("ab") as file:
        file.truncate(start)
        done = start
        while block := answer.read(BLOCK):
            file.write(block)
            done += len(block)
            told(done, total or remote.size)
    return done >= (total or remote.size)


@contextlib.contextmanager
def _opened(url: str, start: int) -> Iterator[tuple[http.client.HTTPResponse, int, int]]:
    """Open a url from a byte on; yield the answer, the byte it starts at, and the size in all."""
    asked = urllib.request.Request(url, headers={"Range": f"bytes={start}-"} if start else {})
    try:
        answer = urllib.request.urlopen(asked, timeout=PATIENCE)
    except urllib.error.HTTPError as error:
        if error.code != http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise
        answer = urllib.request.urlopen(url, timeout=PATIENCE)  # the part is no part of this file
    with answer:
        start = start if answer.status == http.HTTPStatus.PARTIAL_CONTENT else 0
        length = int(answer.headers.get("Content-Length") or 0)
        yield answer, start, start + length if length else 0


def _check(remote: Remote, path: Path, otherwise: str) -> None:
    """Compare a file's size and checksum with the published ones, where these are known."""
    size = path.stat().st_size
    if remote.size and size != remote.size:
        raise InputError(f"{path} {otherwise} (it has {size} bytes, not {remote.size})")
    if remote.checksum:
        found = f"{remote.algorithm}:{digest(path, remote.algorithm)}"
        if found != remote.checksum:
            raise InputError(f"{path} {otherwise} (it has {found}, not {remote.checksum})")

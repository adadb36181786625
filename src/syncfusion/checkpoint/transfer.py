"""One file from one address into a part beside its place: resumed, and ended at its size."""

import contextlib
import http.client
import re
import time
import urllib.error
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from syncfusion.checkpoint.https import FAILURES, open_https
from syncfusion.checkpoint.remote import Remote
from syncfusion.errors import NO_ROOM, InputError

BLOCK = 2**20  # bytes read at once, at most
TRIES = 3  # a server may break off this often without having sent anything new
PROGRESS_BYTES = 2**16  # less is nothing new
SLOWEST = 1000  # bytes a second; slower is as good as broken off
WINDOW_SECONDS = 60.0  # over which that is counted
RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")

Report = Callable[[int, int], None]  # (bytes there, bytes in all, 0 where unknown)


class _Answer(NamedTuple):
    """What a server sends.

    Args:
        body: to read.
        start: byte of the file that it begins at.
        announced: bytes of the whole file, 0 if unknown.
    """

    body: http.client.HTTPResponse
    start: int
    announced: int


def complete(remote: Remote, part: Path, on_progress: Report) -> None:
    """Fetch what a part lacks of a file, from as often as a server breaks off.

    Args:
        remote: the file; its address is used, its checksum is not compared.
        part: what is there already, maybe nothing; deleted where the server sends another file.
        on_progress: called with the bytes there and in all.

    Raises:
        InputError: if the server does not give the file or announces or sends another one, or the
            address is not https.
        OSError: if there is no room for it; what came stays.
    """
    tries = TRIES
    while True:
        before = part.stat().st_size
        try:
            if _append(remote, part, before, on_progress):
                return
            error: Exception | str = "the connection was closed early"
        except FAILURES as failure:
            if isinstance(failure, OSError) and failure.errno in NO_ROOM:
                raise OSError(failure.errno, failure.strerror, str(part)) from failure
            error = failure
        except InputError:
            part.unlink()
            raise
        tries = TRIES if part.stat().st_size >= before + PROGRESS_BYTES else tries - 1
        if tries == 0:
            if not part.stat().st_size:
                part.unlink()
            raise InputError(
                f"cannot fetch {remote.url} ({error}); run it again to go on, "
                f"or fetch it elsewhere and put it at {part.with_suffix('')}"
            )


def _append(remote: Remote, part: Path, before: int, on_progress: Report) -> bool:
    """Append what the server sends; return whether the file is whole now."""
    with _opened(remote.url, before) as answer, part.open("ab") as file:
        _check_announced(remote, answer)
        file.truncate(answer.start)
        done, total = answer.start, remote.size or answer.announced
        for block in _blocks(answer.body):
            done += len(block)
            if total and done > total:
                raise InputError(
                    f"{remote.url} sends more than the {total} bytes announced, "
                    "so what came was deleted; run it again"
                )
            file.write(block)
            on_progress(done, total)
    return done >= total


def _check_announced(remote: Remote, answer: _Answer) -> None:
    if remote.size and answer.announced and answer.announced != remote.size:
        raise InputError(
            f"{remote.url} announces {answer.announced} bytes, and the published file has "
            f"{remote.size}, so nothing was fetched; try another mirror, or later"
        )


def _blocks(body: http.client.HTTPResponse) -> Iterator[bytes]:
    """Yield what comes as it comes; a trickle is a ``TimeoutError``."""
    begin, n_read = time.monotonic(), 0
    while block := body.read1(BLOCK):
        yield block
        n_read += len(block)
        passed = time.monotonic() - begin
        if passed > WINDOW_SECONDS:
            if n_read < SLOWEST * passed:
                raise TimeoutError(f"under {SLOWEST} bytes a second came for {passed:.0f} s")
            begin, n_read = time.monotonic(), 0


@contextlib.contextmanager
def _opened(url: str, start: int) -> Iterator[_Answer]:
    """Open a url from a byte on, or from its beginning where the server answers otherwise."""
    answer = _requested(url, start) if start else None
    if answer is None:
        body = open_https(url)
        answer = _Answer(body, 0, _length(body))
    with answer.body:
        yield answer


def _requested(url: str, start: int) -> _Answer | None:
    """Request a url from a byte on; None where the server has no such range, or sends another."""
    try:
        body = open_https(url, {"Range": f"bytes={start}-"})
    except urllib.error.HTTPError as error:
        if error.code != http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise
        return None  # the part is no part of this file
    if body.status != http.HTTPStatus.PARTIAL_CONTENT:
        return _Answer(body, 0, _length(body))
    given = RANGE.fullmatch(body.headers.get("Content-Range", ""))
    if given is None or int(given[1]) != start:
        body.close()
        return None
    length = _length(body)
    announced = int(given[3]) if given[3] != "*" else start + length if length else 0
    return _Answer(body, start, announced)


def _length(body: http.client.HTTPResponse) -> int:
    """Return the bytes that an answer's header announces; 0 where it holds no number."""
    text = body.headers.get("Content-Length") or ""
    return int(text) if text.isascii() and text.isdigit() else 0

"""Files fetched over https: resumed after an interruption, checked, and whole or absent."""

import contextlib
import http.client
import json
import os
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from syncfusion.checkpoint.hub import fetch_from_hub
from syncfusion.checkpoint.remote import Remote, check
from syncfusion.errors import InputError
from syncfusion.media import check_writable
from syncfusion.weights import file_hash

BLOCK = 2**20  # bytes read at once
TIMEOUT_SECONDS = 60  # without an answer or a byte
TRIES = 3  # a server may break off this often without having sent anything new
FAILURES = (urllib.error.URLError, http.client.HTTPException, OSError)
SCHEMES = ("https://",)  # urllib would open file: too
MAX_JSON_BYTES = 16 * 2**20  # of a server's list of files

Report = Callable[[int, int], None]  # (bytes there, bytes in all, 0 where unknown)


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a server to other addresses of the schemes allowed."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str):
        _check_scheme(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch_json(url: str) -> Any:
    """Read what a server answers in JSON; fails with an ``InputError``."""
    try:
        with _open(url) as answer:
            return json.loads(answer.read(MAX_JSON_BYTES))
    except (*FAILURES, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"cannot read {url} ({error}); check the connection") from error


def fetch(remote: Remote, target: Path, *, on_progress: Report = lambda done, total: None) -> str:
    """Fetch a file, going on with what an earlier try has left.

    Args:
        remote: what to fetch.
        target: where to; if it is there already it is checked and not fetched.
        on_progress: called with the bytes there and in all; the hub's library shows its own bar.

    Returns:
        The sha256 of the file.

    Raises:
        InputError: if the server does not give it or gives something else, the address is not
            https, the file that is there is another one, or the folder cannot be written to.
    """
    if target.exists():
        check(remote, target, "is another file than the published one; move it away")
        return file_hash(target)
    check_writable(target)
    if remote.repository:
        fetch_from_hub(remote, target)
    else:
        _fetch_resumed(remote, target, on_progress)
    return file_hash(target)


def _fetch_resumed(remote: Remote, target: Path, on_progress: Report) -> None:
    part = target.with_name(f"{target.name}.part")
    part.touch()
    _complete(remote, part, on_progress)
    try:
        check(remote, part, f"came damaged from {remote.url} and was deleted; run it again")
    except InputError:
        part.unlink()
        raise
    os.replace(part, target)


def _complete(remote: Remote, part: Path, on_progress: Report) -> None:
    tries = TRIES
    while True:
        before = part.stat().st_size
        try:
            if _append(remote, part, before, on_progress):
                return
            error: Exception | str = "the connection was closed early"
        except FAILURES as failure:
            error = failure
        except InputError:
            part.unlink()
            raise
        tries = TRIES if part.stat().st_size > before else tries - 1
        if tries == 0:
            if not part.stat().st_size:
                part.unlink()
            raise InputError(
                f"cannot fetch {remote.url} ({error}); run it again to go on, "
                f"or fetch it elsewhere and put it at {part.with_suffix('')}"
            )


def _append(remote: Remote, part: Path, before: int, on_progress: Report) -> bool:
    """Append what the server sends; return whether the file is whole now."""
    with _opened(remote.url, before) as (answer, start, announced), part.open("ab") as file:
        file.truncate(start)
        done, total = start, remote.size or announced
        while block := answer.read(BLOCK):
            done += len(block)
            if total and done > total:
                raise InputError(
                    f"{remote.url} sends more than the {total} bytes announced, "
                    "so what came was deleted; run it again"
                )
            file.write(block)
            on_progress(done, total)
    return done >= total


@contextlib.contextmanager
def _opened(url: str, start: int) -> Iterator[tuple[http.client.HTTPResponse, int, int]]:
    """Open a url from a byte on; yield the answer, the byte it starts at, and the size in all."""
    try:
        answer = _open(url, {"Range": f"bytes={start}-"} if start else {})
    except urllib.error.HTTPError as error:
        if error.code != http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise
        answer = _open(url)  # the part is no part of this file
    with answer:
        start = start if answer.status == http.HTTPStatus.PARTIAL_CONTENT else 0
        length = int(answer.headers.get("Content-Length") or 0)
        yield answer, start, start + length if length else 0


def _open(url: str, headers: dict[str, str] | None = None) -> Any:
    _check_scheme(url)
    request = urllib.request.Request(url, headers=headers or {})
    return urllib.request.build_opener(_Redirects).open(request, timeout=TIMEOUT_SECONDS)


def _check_scheme(url: str) -> None:
    if not url.startswith(SCHEMES):
        raise InputError(f"the address {url} is not https, so it is not opened; fetch it by hand")

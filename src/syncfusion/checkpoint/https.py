"""Addresses opened over https alone, also where a server leads to another one."""

import http.client
import urllib.error
import urllib.request
from typing import Any

from syncfusion.errors import InputError
from syncfusion.plain_values import parse_json

TIMEOUT_SECONDS = 60  # without an answer or a byte
FAILURES = (urllib.error.URLError, http.client.HTTPException, OSError)
SCHEMES = ("https://",)  # urllib would open file: too
MAX_JSON_BYTES = 16 * 2**20  # of a server's list of files


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a server to other addresses of the schemes allowed."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str):
        _check_scheme(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def open_https(url: str, headers: dict[str, str] | None = None) -> Any:
    """Open an address.

    Args:
        url: begins with ``https://``.
        headers: to send.

    Returns:
        The answer, to be closed.

    Raises:
        InputError: if the address, or one that the server leads to, is not https.
        OSError: or another of ``FAILURES`` if there is no answer or a bad one.
    """
    _check_scheme(url)
    request = urllib.request.Request(url, headers=headers or {})
    return urllib.request.build_opener(_Redirects).open(request, timeout=TIMEOUT_SECONDS)


def fetch_json(url: str) -> Any:
    """Read what a server answers in JSON; fails with an ``InputError``."""
    try:
        with open_https(url) as answer:
            content = answer.read(MAX_JSON_BYTES + 1)
        if len(content) > MAX_JSON_BYTES:
            raise ValueError(f"the answer has over {MAX_JSON_BYTES >> 20} MB")
        return parse_json(content)
    except (*FAILURES, ValueError, RecursionError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"cannot read {url} ({error}); check the connection") from error


def _check_scheme(url: str) -> None:
    if not url.startswith(SCHEMES):
        raise InputError(f"the address {url} is not https, so it is not opened; fetch it by hand")

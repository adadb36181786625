"""What every request has to pass: host, origin, token and size; and the headers of every answer.

A web page of anybody can send requests to 127.0.0.1, under a name of its own if it rebinds it
(DNS rebinding), so the host requested, the page that a write comes from and a secret are checked.
"""

import hmac
import ipaddress
import json
import socket
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from syncfusion.studio.proxy import ROOT

COOKIE = "syncfusion"
SAFE = ("GET", "HEAD")
SMALL = 2**24  # bytes of a request's body, where its path has no limit of its own
LIMITS = {"api/import": 2**26, "api/references": 2**26, "api/videos": 2**32, "render": 2**32}
OPEN = ("/health",)  # paths that anybody may read who reaches the server
FOR_PROGRAMS = ("metrics", "api")  # first parts of paths for programs, which bring their token
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
FindToken = Callable[[str], str | None]


class Refusal(Exception):
    """A request that is answered by one sentence.

    Args:
        status: of the answer.
        message: the sentence.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


def allowed_names(host: str, public: str = "") -> Callable[[str], bool]:
    """Return which names a server may be called by.

    Args:
        host: what it listens on.
        public: its name behind a proxy, "" for none.

    Returns:
        For an address of this machine alone: that and ``localhost``. For any other also the
        machine's name, the name given, and every numeric address, as those cannot be rebound.
    """
    names = {"localhost", "127.0.0.1", "::1", host} | ({public} - {""})
    if is_loopback(host):
        return lambda name: name in names
    names |= {socket.gethostname().lower(), socket.getfqdn().lower()}
    return lambda name: name in names or _is_address(name)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a host."""
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


class Guard:
    """Wraps an application; what does not pass is answered here.

    Args:
        app: the application.
        allowed: whether the server may be called by a name.
        find_token: returns the token of the project with an id, None where there is none.
        token: of programs, "" where none are served.
    """

    def __init__(
        self,
        app: ASGIApp,
        allowed: Callable[[str], bool],
        find_token: FindToken,
        token: str = "",
    ) -> None:
        self.app, self._allowed, self._find_token = app, allowed, find_token
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        set_cookie: str | None = None

        async def guarded_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(MutableHeaders(scope=message), set_cookie)
            await send(message)

        try:
            set_cookie = self._check(scope)
            await self.app(scope, _limited(receive, _limit(scope)), guarded_send)
        except Refusal as refusal:
            await _answer(guarded_send, refusal.status, refusal.message)

    def _check(self, scope: Scope) -> str | None:
        """Refuse a request, or return the cookie to set with its answer."""
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self._allowed(_name(host)):
            raise Refusal(421, "this server does not answer to that name; use the printed address")
        program = scope["path"].split("/")[1] in FOR_PROGRAMS
        if scope["method"] not in SAFE and not program:
            origin = urlsplit(headers.get("origin", ""))
            if origin.netloc != host or origin.scheme not in ("http", "https"):
                raise Refusal(403, "a write has to come from the studio's own page")
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > _limit(scope):
            raise Refusal(413, _too_large(_limit(scope)))
        if scope["path"] in OPEN and scope["method"] in SAFE:
            return None
        if program:
            return self._check_program(headers)
        return self._check_token(scope, headers)

    def _check_program(self, headers: Headers) -> None:
        """Refuse a program without the token; browsers do not send it by themselves."""
        given = headers.get("authorization", "").removeprefix("Bearer ")
        if not self._token or not _same(given, self._token):
            raise Refusal(401, "send the token of SYNCFUSION_TOKEN as Authorization: Bearer TOKEN")

    def _check_token(self, scope: Scope, headers: Headers) -> str | None:
        project, _, rest = scope["path"].lstrip("/").partition("/")
        token = self._find_token(project)
        query = parse_qs(scope["query_string"].decode("latin-1"))
        given = query.get("token", [""])[0]
        if token is not None and _same(_cookie(headers), token):
            return None
        if token is not None and not rest and scope["method"] in SAFE and _same(given, token):
            path = f"{scope.get(ROOT, '')}/{project}/"
            return f"{COOKIE}={token}; Path={path}; HttpOnly; SameSite=Strict"
        raise Refusal(403, "open the studio by the address that it printed, token and all")


def _same(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode(), token.encode())


def _cookie(headers: Headers) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def _name(host: str) -> str:
    """Return a host without its port: ``[::1]:7860`` is ``::1``."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _limit(scope: Scope) -> int:
    return LIMITS.get(scope["path"].lstrip("/").partition("/")[2], SMALL)


def _too_large(limit: int) -> str:
    return f"that is over {limit >> 20} MB; choose a smaller file"


def _limited(receive: Receive, limit: int) -> Receive:
    """Count the bytes of a body whose header may lie."""
    n_received = 0

    async def counting() -> Message:
        nonlocal n_received
        message = await receive()
        n_received += len(message.get("body", b""))
        if n_received > limit:
            raise Refusal(413, _too_large(limit))
        return message

    return counting


def _add_headers(headers: MutableHeaders, cookie: str | None) -> None:
    for name, value in HEADERS.items():
        headers[name] = value
    headers.setdefault("Cache-Control", "no-store")
    if cookie is not None:
        headers.append("Set-Cookie", cookie)


async def _answer(send: Send, status: int, message: str) -> None:
    body = json.dumps({"message": message}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    headers.append((b"connection", b"close"))  # what is left of a body is not read
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

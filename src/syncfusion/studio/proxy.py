"""A studio behind a reverse proxy: its public address, and which proxies are believed.

A header that any client can send decides nothing, unless it comes from a proxy that was named.
"""

from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send

from syncfusion.errors import InputError

FORWARDED = ("x-forwarded-host", "x-forwarded-proto", "x-forwarded-for", "forwarded")
ROOT = "syncfusion.root"  # key of a request's scope: the path of the studio at its public address


@dataclass(frozen=True)
class Front:
    """What stands before the server.

    Args:
        url: public address, as ``https://host/path``; None where nothing stands before it.
        proxies: addresses or networks whose forwarded headers are believed.
    """

    url: str | None = None
    proxies: tuple[str, ...] = ()
    _networks: list[IPv4Network | IPv6Network] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.url is not None and (self.scheme not in ("http", "https") or not self.name):
            raise InputError(f"{self.url} is no address of a web page; give https://HOST/PATH")
        try:
            networks = [ip_network(proxy) for proxy in self.proxies]
        except ValueError as error:
            raise InputError(f"a trusted proxy is named by its address: {error}") from error
        object.__setattr__(self, "_networks", networks)

    @property
    def scheme(self) -> str:
        """Protocol of the public address."""
        return urlsplit(self.url or "").scheme

    @property
    def name(self) -> str:
        """Name of the host of the public address, "" without one."""
        return (urlsplit(self.url or "").hostname or "").rstrip(".")

    @property
    def root(self) -> str:
        """Path of the public address, without a slash at its end."""
        return urlsplit(self.url or "").path.rstrip("/")

    def trusts(self, client: str) -> bool:
        """Whether the forwarded headers of a client are believed."""
        try:
            address = ip_address(client)
        except ValueError:
            return False
        return any(address in network for network in self._networks)


class Forwarded:
    """Wraps an application: it sees the host and path that the browser requested.

    Args:
        app: the application.
        front: what stands before the server.
    """

    def __init__(self, app: ASGIApp, front: Front) -> None:
        self.app, self._front = app, front

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] == "http":
            scope = dict(scope)
            client = (scope.get("client") or ("", 0))[0]
            headers = Headers(scope=scope)
            host = headers.get("x-forwarded-host") if self._front.trusts(client) else None
            kept = [(k, v) for k, v in scope["headers"] if k.decode("latin-1") not in FORWARDED]
            scope["headers"] = kept
            if host:
                MutableHeaders(scope=scope)["host"] = host.split(",")[0].strip()
            self._strip_root(scope)
        await self.app(scope, receive, send)

    def _strip_root(self, scope: Scope) -> None:
        """Take the root off the path, where the proxy has left it on."""
        root = self._front.root
        scope[ROOT] = root
        if root and (scope["path"] == root or scope["path"].startswith(f"{root}/")):
            scope["path"] = scope["path"].removeprefix(root) or "/"
            scope["raw_path"] = scope["path"].encode()

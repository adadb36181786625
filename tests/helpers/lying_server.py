"""A server of one file that breaks off, trickles, lies and redirects, as a test sets it."""

import contextlib
import hashlib
import http.server
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

CONTENT = bytes(range(256)) * 5000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves ``CONTENT`` under every name, by ranges if it can."""

    limit = len(CONTENT)  # bytes of an answer, after which the connection is closed
    knows_ranges = True
    shift = 0  # bytes by which a range begins elsewhere than requested, openly
    is_silent_about_ranges = False  # a 206 without Content-Range
    announced: int | None = None  # length that the header has; None for the true one
    pause = 0.0  # seconds before each byte
    content = CONTENT
    ranges: list[str]
    headers_seen: list[dict[str, str]]

    def do_GET(self):
        asked = self.headers.get("Range", "")
        self.ranges.append(asked)
        self.headers_seen.append(dict(self.headers))
        if self.path.startswith("/to=") or self.path == "/round":
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to="))
            self.end_headers()
        elif self.path == "/endless":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(self.content + b"more")
        elif self.path == "/gone":
            self.send_error(404)
        else:
            self._send(asked if self.knows_ranges else "")

    def _send(self, asked: str) -> None:
        start = int(asked.removeprefix("bytes=").rstrip("-") or 0)
        if start >= len(self.content):
            self.send_error(416)
            return
        start = max(0, start + self.shift) if asked else 0
        size = len(self.content)
        self.send_response(206 if asked else 200)
        length = size - start if self.announced is None else self.announced
        self.send_header("Content-Length", str(length))
        if asked and not self.is_silent_about_ranges:
            self.send_header("Content-Range", f"bytes {start}-{size - 1}/{size}")
        self.end_headers()
        body = self.content[start : start + self.limit]
        if not self.pause:
            self.wfile.write(body)
            return
        with contextlib.suppress(OSError):  # the client has gone
            for byte in body:
                time.sleep(self.pause)
                self.wfile.write(bytes([byte]))

    def log_message(self, *_):
        pass


@contextmanager
def lying_server() -> Iterator[tuple[type[Handler], str]]:
    """Serve for a while; yields the handler, whose attributes decide, and the address."""
    handler = type("OneHandler", (Handler,), {"ranges": [], "headers_seen": []})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        running.daemon_threads = True
        running.block_on_close = False
        threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
        yield handler, f"http://127.0.0.1:{running.server_port}"
        running.shutdown()

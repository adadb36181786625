"""A web server of a folder that breaks off, stalls and fails, as often as it is configured to."""

import contextlib
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PIECE = 2**16  # bytes, before each of which it may wait


class BrokenServer(ThreadingHTTPServer):
    """Serves the files of a folder, badly.

    Args:
        folder: whose files are served.
        ranges: whether it understands ``Range``.
    """

    daemon_threads = True

    def __init__(self, folder: Path, *, ranges: bool) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.folder, self.ranges = folder, ranges
        self.breaks_left = 0  # answers that end in the middle
        self.errors_left = 0  # answers of status 503
        self.stalls_left = 0  # answers that stop without an end
        self.pause = 0.0  # seconds before each piece of a body
        self.n_bytes = 0  # of all bodies sent
        self.tag = "one"

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class Answer(BaseHTTPRequestHandler):
    """One answer."""

    server: BrokenServer

    def do_HEAD(self) -> None:
        """Answer without the content."""
        self.do_GET(body=False)

    def do_GET(self, body: bool = True) -> None:
        """Answer with a file, or a part of it."""
        server, path = self.server, self.server.folder / self.path.lstrip("/")
        if not path.is_file():
            return self.send_error(404)
        if body and server.errors_left > 0:
            server.errors_left -= 1
            return self.send_error(503)
        content = path.read_bytes()
        found = re.match(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        start, end = 0, len(content)
        if server.ranges and found:
            start = int(found[1])
            end = min(end, int(found[2]) + 1) if found[2] else end
        self.send_response(206 if server.ranges and found else 200)
        if server.ranges:
            self.send_header("Accept-Ranges", "bytes")
        if server.ranges and found:
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(content)}")
        self.send_header("ETag", server.tag)
        self.send_header("Content-Length", str(end - start))
        self.end_headers()
        if body:
            self._send(content[start:end])

    def _send(self, content: bytes) -> None:
        server = self.server
        if server.breaks_left > 0:
            server.breaks_left -= 1
            content, self.close_connection = content[: len(content) // 2], True
        elif server.stalls_left > 0:
            server.stalls_left -= 1
            self.wfile.write(content[: len(content) // 2])
            time.sleep(5)
            return
        server.n_bytes += len(content)
        if not server.pause:
            self.wfile.write(content)
            return
        with contextlib.suppress(OSError):  # the client was killed
            for start in range(0, len(content), PIECE):
                time.sleep(server.pause)
                self.wfile.write(content[start : start + PIECE])

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@contextmanager
def broken_server(folder: Path, *, ranges: bool = True) -> Iterator[BrokenServer]:
    """Yield a server of a folder."""
    with BrokenServer(folder, ranges=ranges) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()

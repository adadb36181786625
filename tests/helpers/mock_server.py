"""The studio's page with a server that answers from a script: no models, no files, no waiting.

``python -m helpers.mock_server [EVENTS] [SECONDS]``, in the folder tests, serves it.
"""

import json
import queue
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import cv2
import numpy as np

from helpers.mock_studio import ATTACK, RATE, MockStudio, room_response, take_samples, wav_bytes
from helpers.places import REPOSITORY, SAMPLE

PAGE = REPOSITORY / "src" / "syncfusion" / "studio" / "page"
POLICY = "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; style-src 'self'"
TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".html": "text/html",
    ".svg": "image/svg+xml",
}
FORMATS = [
    {"name": "midi", "suffix": ".mid", "opened_by": "every workstation", "needs_rate": False},
    {"name": "audacity", "suffix": ".txt", "opened_by": "Audacity, Ardour", "needs_rate": False},
    {"name": "reaper", "suffix": ".rpp", "opened_by": "REAPER", "needs_rate": False},
]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    studio: MockStudio

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def _send(
        self, status: int, body: bytes, kind: str = "application/json", **headers: str
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _json(self, value: Any, status: int = 200) -> None:
        self._send(status, json.dumps(value).encode())

    def _ranged(self, body: bytes, kind: str) -> None:
        asked = self.headers.get("Range")
        if not asked:
            return self._send(200, body, kind, Accept_Ranges="bytes")
        first, last = asked.removeprefix("bytes=").split("-")
        start, end = int(first), min(int(last or len(body) - 1), len(body) - 1)
        place = f"bytes {start}-{end}/{len(body)}"
        return self._send(206, body[start : end + 1], kind, Content_Range=place)

    def do_GET(self) -> None:
        path, studio = urlsplit(self.path).path, self.studio
        answers = {
            "/api/project": lambda: self._json(
                {
                    "project": studio.project,
                    "revision": studio.revision,
                    "detected": True,
                    "sample": False,
                }
            ),
            "/api/curve": lambda: self._json(studio.curve),
            "/api/formats": lambda: self._json({"formats": FORMATS}),
            "/api/prompts": lambda: self._json({"prompts": ["wood hit", "metal hit", "glass hit"]}),
            "/api/peaks": self._peaks,
            "/api/filmstrip": lambda: self._json(
                {
                    "url": "media/filmstrip.jpg",
                    "count": 40,
                    "interval": studio.project["duration"] / 40,
                    "width": 96,
                    "height": 54,
                    "columns": 10,
                }
            ),
            "/api/stream": self._stream,
            "/media/filmstrip.jpg": self._film,
            "/media/video": lambda: self._ranged(SAMPLE.read_bytes(), "video/mp4"),
            "/media/original.wav": lambda: self._ranged(wav_bytes(studio.original()), "audio/wav"),
        }
        if path in answers:
            return answers[path]()
        if path.startswith("/api/takes/"):
            samples = take_samples(path.rsplit("/", 1)[1].removesuffix(".wav"))
            return self._send(200, wav_bytes(samples), "audio/wav", X_Attack=str(ATTACK))
        if path == "/api/rooms/hall.wav":
            return self._send(200, wav_bytes(room_response()), "audio/wav")
        return self._file("index.html" if path == "/" else path.removeprefix("/page/"))

    def _file(self, name: str) -> None:
        file = (PAGE / name).resolve()
        if not file.is_relative_to(PAGE) or not file.is_file():
            return self._json({"message": "there is no such file"}, 404)
        return self._send(200, file.read_bytes(), TYPES[file.suffix], Cache_Control="no-store")

    def _peaks(self) -> None:
        sound = self.studio.original()
        blocks = sound[: len(sound) // 256 * 256].reshape(-1, 256) * 127
        pairs = np.stack([blocks.min(axis=1), blocks.max(axis=1)], axis=1).astype(np.int8)
        headers = {"X_Samples_Per_Peak": "256", "X_Sample_Rate": str(RATE)}
        self._send(200, pairs.tobytes(), "application/octet-stream", **headers)

    def _film(self) -> None:
        columns = [np.full((54, 96, 3), (40 + 4 * n, 60, 120 - 2 * n), np.uint8) for n in range(10)]
        sheet = np.concatenate([np.concatenate(columns, axis=1)] * 4)
        self._send(200, cv2.imencode(".jpg", sheet)[1].tobytes(), "image/jpeg")

    def _stream(self) -> None:
        listener: queue.Queue[dict[str, Any]] = queue.Queue()
        self.studio.listeners.append(listener)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        hello = {"type": "hello", "revision": self.studio.revision, "worker": "ready", "jobs": []}
        message: dict[str, Any] = hello
        try:
            while True:
                self.wfile.write(f"data: {json.dumps(message)}\n\n".encode())
                self.wfile.flush()
                message = listener.get()
        except OSError:
            self.studio.listeners.remove(listener)

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def do_PUT(self) -> None:
        project = json.loads(self._body())
        status, answer = self.studio.save(project, int(self.headers["If-Match"].strip('"')))
        self._json(answer, status)

    def do_POST(self) -> None:
        path, body = urlsplit(self.path).path, self._body()
        kinds = {"/api/import": "import", "/api/references": "reference"}
        request = json.loads(body) if path == "/api/jobs" else {}
        self._json({"id": self.studio.start(kinds.get(path) or request["kind"], request)}, 202)

    def do_DELETE(self) -> None:
        self.studio.cancelled.add(self.path.rsplit("/", 1)[1])
        self._send(204, b"")


@contextmanager
def serving(studio: MockStudio, port: int = 0) -> Iterator[str]:
    """Serve the page for a while; the address ends with a slash."""
    handler = type("MockHandler", (Handler,), {"studio": studio})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    count, seconds = [*map(float, sys.argv[1:]), 6, 8][:2] if len(sys.argv) > 2 else (6, 8)
    with serving(MockStudio(int(count), seconds), 7899) as address:
        print(address, flush=True)
        threading.Event().wait()

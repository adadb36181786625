"""A server of S3 on this machine (moto's), which fails, breaks off and dawdles as it is told to."""

import io
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest


class S3Server:
    """Serves buckets that it keeps in memory.

    Args:
        application: of WSGI, which does the work.
    """

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application
        self.errors_left = 0  # answers of status 503
        self.breaks_left = 0  # bodies that end in the middle
        self.n_sent = 0  # bytes of all objects that were read
        self.asked: Counter[str] = Counter()  # requests, by method and path
        self.upload_seen = threading.Event()  # half of a held body has come
        self.hold_from = 0  # size from which the next body is held half-way; 0 to hold none
        self.go_on = threading.Event()

    def __call__(self, request: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request of WSGI."""
        method, path = request["REQUEST_METHOD"], request["PATH_INFO"]
        self.asked[f"{method} {path}"] += 1
        if self.errors_left > 0:
            self.errors_left -= 1
            start("503 Slow Down", [("Content-Length", "0")])
            return [b""]
        length = int(request.get("CONTENT_LENGTH") or 0)
        if method == "PUT" and self.hold_from and length >= self.hold_from:
            self.hold_from = 0
            request["wsgi.input"] = self._held(request["wsgi.input"], length)
        answer = self.application(request, start)
        if method != "GET" or path.count("/") < 2:
            return answer
        content = b"".join(answer)
        if self.breaks_left > 0:
            self.breaks_left -= 1
            content = content[: len(content) // 2]
        self.n_sent += len(content)
        return [content]

    def _held(self, body: Any, length: int) -> io.BytesIO:
        """Take half of a body, wait, and take what still comes."""
        content = body.read(length // 2)
        self.upload_seen.set()
        self.go_on.wait(60)
        return io.BytesIO(content + body.read(length - len(content)))


@contextmanager
def s3_server(patch: pytest.MonkeyPatch) -> Iterator[S3Server]:
    """Yield a server with an empty ``bucket``, which the environment names to all clients.

    Tests skip where moto is not installed.
    """
    pytest.importorskip("moto.server", reason="no moto: run script/setup.sh")
    pytest.importorskip("s3fs")
    import s3fs
    from moto.backends import get_backend
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        def log_request(self, *arguments: object) -> None:
            """Say nothing."""

    server = S3Server(DomainDispatcherApplication(create_backend_app))
    served = make_server("127.0.0.1", 0, server, threaded=True, request_handler=Quiet)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    patch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{served.server_port}")
    patch.setenv("AWS_ACCESS_KEY_ID", "tester")
    patch.setenv("AWS_SECRET_ACCESS_KEY", "of this machine")
    patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    s3fs.S3FileSystem.clear_instance_cache()
    s3fs.S3FileSystem().mkdir("bucket")
    yield server
    server.go_on.set()
    served.shutdown()
    get_backend("s3").reset()
    s3fs.S3FileSystem.clear_instance_cache()

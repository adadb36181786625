"""Requests to the studio, made by schemathesis of the paths that it has itself."""

import shutil
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import strategies as st

from fuzz import seeds
from fuzz.mutations import EDITS, mutated
from helpers.media_files import make_video, regular
from helpers.studio_client import ORIGIN, opened, worker
from syncfusion.errors import InputError

UPLOADS = ("api/import", "api/references", "api/videos")
ENDLESS = "/api/stream"


class Upload(NamedTuple):
    """A file that a page sends."""

    path: str
    title: str
    content: bytes


class Requests:
    """Requests of every path, and uploads of hostile files; none may be answered by a 5xx.

    Args:
        folder: for the project and the seeds.
    """

    def __init__(self, folder: Path) -> None:
        import schemathesis
        from fastapi.openapi.utils import get_openapi

        self._folder = folder
        video = make_video(folder / "clip.mp4", regular(25, 25))
        self._opened = opened(video, worker())
        self.client = self._opened.__enter__()
        app = self.client.app
        while not hasattr(app, "routes"):
            app = app.app  # what stands before the application
        described = get_openapi(title="studio", version="1", routes=app.routes)
        described["paths"] = {
            path: methods for path, methods in described["paths"].items() if ENDLESS not in path
        }
        schema = schemathesis.openapi.from_dict(described)
        self._operations = [found.ok() for found in schema.get_all_operations()]
        self._files = seeds.event_files(folder) | seeds.sounds() | {"a.mp4": video.read_bytes()}

    def cases(self) -> st.SearchStrategy[Any]:
        """Return requests and uploads."""
        made = st.one_of([operation.as_strategy() for operation in self._operations])
        title = st.sampled_from(("a.mp4", "../../a.csv", "a", "x" * 400, "\u202e.wav", "a.\0"))
        upload = st.builds(
            lambda path, title, name, edits: Upload(path, title, mutated(self._files[name], edits)),
            st.sampled_from(UPLOADS),
            title,
            st.sampled_from(sorted(self._files)),
            EDITS,
        )
        return st.one_of(made, made, made, upload)

    def run(self, case: Any, folder: Path) -> None:
        """Send a request; an answer of 4xx is an ``InputError`` here."""
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(case, Upload):
            answer = self.client.post(
                case.path, params={"name": case.title}, content=case.content, headers=ORIGIN
            )
        else:
            answer = self._sent(case)
        assert answer.status_code < 500, f"{answer.status_code} {answer.text:.200}"
        if answer.status_code >= 400:
            raise InputError(_message(answer))

    def _sent(self, case: Any) -> Any:
        sent = case.as_transport_kwargs(base_url="http://127.0.0.1:7860")
        path = sent["url"].partition("7860")[2]
        own = f"http://127.0.0.1:7860/{self.client.workspace.id}"
        url = own + path[path.index("/", 1) :] if "/" in path[1:] else own + "/"
        headers = {n: v for n, v in (sent.get("headers") or {}).items() if n.lower() != "host"}
        sendable = {n: v for n, v in headers.items() if _is_plain(n) and _is_plain(v)}
        return self.client.request(
            sent["method"],
            url,
            params=sent.get("params"),
            headers=sendable | ORIGIN,
            content=sent.get("data") if isinstance(sent.get("data"), bytes) else None,
            json=sent.get("json"),
        )


def _is_plain(text: str) -> bool:
    return str(text).isascii() and str(text).isprintable()


def _message(answer: Any) -> str:
    """Return the sentence of a refusal."""
    try:
        found = answer.json()
    except ValueError:
        return answer.text[:200]
    return str(found.get("message") or found.get("detail") or found)

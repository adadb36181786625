"""The page's own files."""

import re
from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from syncfusion.studio.guard import Refusal

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
}

NAME = re.compile(r"[\w-]+([./][\w-]+)*", re.ASCII)  # no dot or slash stands beside another
NOTEBOOK = "notebook/"  # what notebooks alone use
MAIN = '<script type="module"'


def page_routes(folder: Path) -> APIRouter:
    """Return the paths of the files in a folder, and of those in folders in it."""
    router, root = APIRouter(), folder.resolve()

    async def index(request: Request) -> Response:
        return _answer(TYPES[".html"], _with_modules(root))

    async def file(request: Request) -> Response:
        name = request.path_params["name"]
        path = root / name if NAME.fullmatch(name) else root
        if not (path.is_file() and path.suffix in TYPES):
            raise Refusal(404, "the page has no such file")
        return _answer(TYPES[path.suffix], _content(path, path.stat().st_mtime_ns))

    router.add_route("/", index)
    router.add_route("/page/{name:path}", file)
    return router


def _with_modules(root: Path) -> bytes:
    """Return the page, which names all of its modules: a browser requests them at once.

    By their imports alone it would find them one level after another.
    """
    names = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.js"))
    names = [name for name in names if not name.startswith(NOTEBOOK)]
    links = "".join(f'<link rel="modulepreload" href="page/{name}" />\n    ' for name in names)
    html = (root / "index.html").read_text(encoding="utf-8")
    return html.replace(MAIN, links + MAIN, 1).encode()


@lru_cache(maxsize=256)
def _content(path: Path, changed: int) -> bytes:
    """Return a file's bytes; read again once it has changed."""
    return path.read_bytes()


def _answer(type: str, content: bytes) -> Response:
    return Response(content, media_type=type, headers={"Cache-Control": "no-cache"})

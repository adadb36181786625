"""The page's own files."""

import re
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse

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


def page_routes(folder: Path) -> APIRouter:
    """Return the paths of the files in a folder, and of those in folders in it."""
    router, root = APIRouter(), folder.resolve()

    @router.get("/")
    async def index() -> FileResponse:
        return _file(root, "index.html")

    @router.get("/page/{name:path}")
    async def file(name: str) -> FileResponse:
        return _file(root, name)

    return router


def _file(root: Path, name: str) -> FileResponse:
    path = root / name if NAME.fullmatch(name) else root
    if not (path.is_file() and path.suffix in TYPES):
        raise Refusal(404, "the page has no such file")
    return FileResponse(path, media_type=TYPES[path.suffix], headers={"Cache-Control": "no-cache"})

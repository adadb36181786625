"""Files that a page sends: streamed to disk under a name of ours, and read by the worker alone."""

import re
import secrets
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from pydantic import AfterValidator

from syncfusion.constants import PROJECT_SUFFIX
from syncfusion.errors import InputError
from syncfusion.places import state_folder
from syncfusion.studio.folder import UPLOADS, ProjectFolder
from syncfusion.studio.guard import Refusal
from syncfusion.studio.job import Job
from syncfusion.studio.routes.jobs import Queue, submitted
from syncfusion.studio.routes.project import Opened
from syncfusion.studio.workspace import Workspace

router = APIRouter()
SUFFIXES = re.compile(r"\.[a-z0-9]{1,12}")


def _one_line(title: str) -> str:
    """Return a file's name as sentences can hold it: names may have line breaks."""
    return " ".join(title.split()) or "unnamed"


Title = Annotated[str, Query(alias="name", min_length=1, max_length=500), AfterValidator(_one_line)]


@router.post("/api/import")
async def events(opened: Opened, queue: Queue, request: Request, title: Title) -> JSONResponse:
    """Take a file of events."""
    upload = await received(request, opened.folder.file(UPLOADS), title)
    return submitted(queue, Job(opened, "import", {"upload": upload.name, "title": title}))


@router.post("/api/references")
async def reference(opened: Opened, queue: Queue, request: Request, title: Title) -> JSONResponse:
    """Take a sound to imitate."""
    upload = await received(request, opened.folder.file(UPLOADS), title)
    return submitted(queue, Job(opened, "reference", {"upload": upload.name, "title": title}))


@router.post("/api/videos")
async def video(opened: Opened, queue: Queue, request: Request, title: Title) -> JSONResponse:
    """Take a video, which becomes a project of its own with an address of its own."""
    home = state_folder() / "studio" / secrets.token_hex(8)
    path = await received(request, home, title)
    folder = ProjectFolder.for_video(path, home / f"video{PROJECT_SUFFIX}", name=Path(title).stem)
    made = Workspace(folder, has_folders=opened.has_folders)
    request.app.state.studio.add(made)
    made.learn({n: getattr(opened.folder.project, n) for n in ("threshold", "minimum_gap")})
    submitted(queue, Job(made, "open"))
    return JSONResponse({"address": made.address}, 202)


async def received(request: Request, folder: Path, title: str) -> Path:
    """Write a request's body to a new file; nothing of it is left if it ends early.

    Args:
        request: whose body is not read yet.
        folder: of the file, made where it is missing.
        title: the file's name where it came from; its ending is kept if it is an ordinary one.

    Returns:
        The file.

    Raises:
        InputError: if it cannot be written.
        Refusal: if it is empty.
    """
    suffix = Path(title.replace("\\", "/")).suffix.lower()
    name = f"{secrets.token_hex(16)}{suffix if SUFFIXES.fullmatch(suffix) else ''}"
    path, is_whole = folder / name, False
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            async for block in request.stream():
                file.write(block)
        is_whole = True
    except OSError as error:
        raise InputError(
            f"the file cannot be kept in {folder} ({error.strerror}); free disk space"
        ) from error
    finally:
        if not is_whole or path.stat().st_size == 0:
            path.unlink(missing_ok=True)
    if not path.is_file():
        raise Refusal(422, f"{title} is empty; choose another file")
    return path

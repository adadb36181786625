"""The takes of a project: those that nothing refers to any more are counted, or removed."""

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from syncfusion.studio.guard import Refusal
from syncfusion.studio.old_takes import old_takes
from syncfusion.studio.project import Key
from syncfusion.studio.routes.jobs import Queue
from syncfusion.studio.routes.project import Opened

router = APIRouter()
MOST_KEYS = 200_000  # a history of 500 steps shares most of them
NEED_TAKES = ("render", "export")  # jobs that write or read them


class Kept(BaseModel):
    """Takes that a page's history still refers to, and whether all others go."""

    model_config = ConfigDict(extra="forbid")
    kept: Annotated[list[Key], Field(max_length=MOST_KEYS)]
    remove: bool = False


@router.post("/api/old-takes")
async def old(opened: Opened, queue: Queue, request: Kept) -> JSONResponse:
    """Count the takes that nothing refers to any more, and remove them where that is requested."""
    active = [job for job in queue.of(opened) if job.state in ("queued", "running")]
    if request.remove and any(job.kind in NEED_TAKES for job in active):
        raise Refusal(409, "takes are in use; remove old ones when the rendering is done")
    found = old_takes(opened.folder, request.kept)
    if request.remove:
        found.remove()
    return JSONResponse({"takes": found.number, "bytes": found.n_bytes})

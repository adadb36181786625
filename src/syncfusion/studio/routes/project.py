"""The project: read, edited, followed."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import JSONResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from syncfusion.studio.folder import Conflict
from syncfusion.studio.guard import Refusal
from syncfusion.studio.workspace import Workspace

router = APIRouter()


def workspace(id: str, request: Request) -> Workspace:
    """Return the project that a request is about."""
    return request.app.state.studio.find(id)


Opened = Annotated[Workspace, Depends(workspace)]


@router.get("/api/project")
async def read(opened: Opened) -> JSONResponse:
    """Return the project and its revision."""
    return JSONResponse(opened.state(), headers={"ETag": f'"{opened.folder.revision}"'})


@router.put("/api/project")
async def write(
    opened: Opened,
    request: Request,
    if_match: Annotated[str | None, Header()] = None,
    x_page: Annotated[str, Header(max_length=100)] = "",
) -> JSONResponse:
    """Save the project if it is still at the revision that was edited."""
    if if_match is None or not if_match.strip('W/"').isdigit():
        raise Refusal(428, "state the revision that was edited in the header If-Match")
    try:
        revision = opened.edit(await request.body(), int(if_match.strip('W/"')), x_page)
    except Conflict:
        message = "this project was changed elsewhere; its newer state is shown"
        return JSONResponse({"message": message} | opened.state(), 409)
    return JSONResponse({"revision": revision}, headers={"ETag": f'"{revision}"'})


@router.get("/api/stream", response_class=EventSourceResponse)
async def stream(opened: Opened, request: Request) -> AsyncIterator[ServerSentEvent]:
    """Send what happens from now on, as it happens."""
    jobs = request.app.state.jobs
    first: dict[str, Any] = {
        "type": "hello",
        "revision": opened.folder.revision,
        "worker": jobs.runner.state,
        "jobs": [job.shown() for job in jobs.of(opened)],
    }
    async for message in opened.pages.listen(first):
        yield ServerSentEvent(data=message)

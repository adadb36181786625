"""Jobs: posted, followed, cancelled."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from syncfusion.constants import ACTIONS, MATERIALS
from syncfusion.exchange import CATALOGUE
from syncfusion.studio.guard import Refusal
from syncfusion.studio.job import Job
from syncfusion.studio.jobs import Jobs, QueueFull
from syncfusion.studio.project import MOST_EVENTS, Id, RoomName
from syncfusion.studio.routes.project import Opened
from syncfusion.studio.worker_process import resident_bytes

router = APIRouter()


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Detect(_Request):
    """Find the events."""

    kind: Literal["detect"]


class Render(_Request):
    """Render events."""

    kind: Literal["render"]
    events: Annotated[list[Id], Field(min_length=1, max_length=MOST_EVENTS)]
    new_take: bool = False


class Export(_Request):
    """Write files to take along."""

    kind: Literal["export"]
    formats: Annotated[list[str], Field(max_length=len(CATALOGUE))] = []
    mix: bool = False
    stems: bool = False
    video: bool = False


class Room(_Request):
    """Make the impulse response of a room."""

    kind: Literal["room"]
    room: RoomName


Posted = Annotated[Detect | Render | Export | Room, Field(discriminator="kind")]


def jobs(request: Request) -> Jobs:
    """Return the queue."""
    return request.app.state.jobs


Queue = Annotated[Jobs, Depends(jobs)]


def submitted(queue: Jobs, job: Job) -> JSONResponse:
    """Put a job into the queue, and answer with its id.

    Args:
        queue: the queue.
        job: what is to be done.

    Returns:
        The answer, with status 202.

    Raises:
        Refusal: if the queue is full.
    """
    try:
        return JSONResponse({"id": queue.submit(job).id}, 202)
    except QueueFull:
        raise Refusal(429, "too many jobs are waiting; wait for some, or cancel them") from None


@router.post("/api/jobs")
async def post(opened: Opened, queue: Queue, request: Posted) -> JSONResponse:
    """Put a job into the queue, on the project as it is now."""
    return submitted(queue, Job(opened, request.kind, request.model_dump(exclude={"kind"})))


@router.get("/api/jobs")
async def recent(opened: Opened, queue: Queue) -> JSONResponse:
    """Return the jobs of the project."""
    return JSONResponse({"jobs": [job.shown() for job in queue.of(opened)]})


@router.get("/api/jobs/{job}")
async def one(opened: Opened, queue: Queue, job: Id) -> JSONResponse:
    """Return a job."""
    return JSONResponse(_found(opened, queue, job).shown())


@router.delete("/api/jobs/{job}")
async def cancel(opened: Opened, queue: Queue, job: Id) -> Response:
    """Cancel a job."""
    queue.cancel(_found(opened, queue, job))
    return Response(status_code=204)


@router.get("/api/health")
async def health(opened: Opened, queue: Queue) -> JSONResponse:
    """Return how the studio is."""
    memory, worker = resident_bytes("self"), queue.runner.worker
    values = {"worker": queue.runner.state, "queue": queue.n_waiting, "memory_mib": memory >> 20}
    return JSONResponse(values | {"worker_memory_mib": worker.memory() >> 20 if worker else 0})


@router.get("/api/formats")
async def formats() -> JSONResponse:
    """Return the formats of event files."""
    rows = [
        {"name": n, "suffix": f.suffix, "opened_by": f.opened_by, "needs_rate": f.needs_rate}
        for n, f in CATALOGUE.items()
    ]
    return JSONResponse({"formats": rows})


@router.get("/api/prompts")
async def prompts() -> JSONResponse:
    """Return prompts that the encoder knows."""
    return JSONResponse({"prompts": [f"{m} {a}" for m in MATERIALS for a in ACTIONS]})


def _found(opened: Opened, queue: Jobs, id: str) -> Job:
    job = queue.find(opened, id)
    if job is None:
        raise Refusal(404, "there is no such job any more")
    return job

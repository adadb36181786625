"""The web application: the page, the project, its media and its jobs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.requests import Request
from starlette.types import ASGIApp

from syncfusion.errors import InputError
from syncfusion.studio.guard import Guard, Refusal, allowed_names
from syncfusion.studio.job import Job
from syncfusion.studio.jobs import Jobs
from syncfusion.studio.proxy import Forwarded, Front
from syncfusion.studio.renders import Renders
from syncfusion.studio.routes import add_routes, render_app
from syncfusion.studio.service import Service
from syncfusion.studio.workspace import Studio

PAGE = Path(__file__).parent / "page"


def create_app(
    studio: Studio,
    jobs: Jobs,
    host: str = "127.0.0.1",
    *,
    front: Front | None = None,
    renders: Renders | None = None,
    token: str = "",
) -> ASGIApp:
    """Return the application of a studio, guarded.

    Args:
        studio: the projects it holds: opened, and closed, with the application.
        jobs: the queue; its worker runs as long as the application does.
        host: what the server listens on, which decides by which names it may be called.
        front: the proxy that stands before it; None for none.
        renders: the queue of videos that programs send; None where they are not served.
        token: that programs have to send, "" where they are not served.

    Returns:
        The application, to be served by an ASGI server.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        jobs.start()
        for workspace in studio:
            jobs.submit(Job(workspace, "open"))
        if renders is not None:
            await renders.start()
        yield
        if renders is not None:
            await renders.close()
        await jobs.close()
        studio.close()

    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, lifespan=lifespan)
    app.add_exception_handler(InputError, _unusable)
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _misunderstood)
    service, front = Service(studio, jobs, renders), front or Front()
    app.add_route("/health", service.health)
    app.add_route("/metrics", service.metrics)
    if renders is not None:
        app.mount("/api", render_app(renders))
    add_routes(app, studio, jobs, PAGE)
    guard = Guard(app, allowed_names(host, front.name), studio.token, token)
    return Forwarded(guard, front)


async def _unusable(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"message": str(error)}, 422)


async def _refused(request: Request, error: Exception) -> JSONResponse:
    status = error.status if isinstance(error, Refusal) else 400
    return JSONResponse({"message": str(error)}, status)


async def _misunderstood(request: Request, error: Exception) -> JSONResponse:
    first = error.errors()[0] if isinstance(error, RequestValidationError) else {}
    place = ".".join(str(part) for part in first.get("loc", ())[1:])
    return JSONResponse({"message": f"{place}: {first.get('msg', 'not understood')}"}, 422)

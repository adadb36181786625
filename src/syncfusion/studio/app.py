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
from syncfusion.studio.routes import add_routes
from syncfusion.studio.workspace import Studio

PAGE = Path(__file__).parent / "page"


def create_app(studio: Studio, jobs: Jobs, host: str = "127.0.0.1") -> ASGIApp:
    """Return the application of a studio, guarded.

    Args:
        studio: the projects it holds: opened, and closed, with the application.
        jobs: the queue; its worker runs as long as the application does.
        host: what the server listens on, which decides by which names it may be called.

    Returns:
        The application, to be served by an ASGI server.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        jobs.start()
        for workspace in studio:
            jobs.submit(Job(workspace, "open"))
        yield
        await jobs.close()
        studio.close()

    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, lifespan=lifespan)
    app.add_exception_handler(InputError, _unusable)
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _misunderstood)
    add_routes(app, studio, jobs, PAGE)
    return Guard(app, allowed_names(host), studio.token)


async def _unusable(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"message": str(error)}, 422)


async def _refused(request: Request, error: Exception) -> JSONResponse:
    status = error.status if isinstance(error, Refusal) else 400
    return JSONResponse({"message": str(error)}, status)


async def _misunderstood(request: Request, error: Exception) -> JSONResponse:
    first = error.errors()[0] if isinstance(error, RequestValidationError) else {}
    place = ".".join(str(part) for part in first.get("loc", ())[1:])
    return JSONResponse({"message": f"{place}: {first.get('msg', 'not understood')}"}, 422)

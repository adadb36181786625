"""All paths of the application, below ``/ID/`` of each project."""

from pathlib import Path

from fastapi import APIRouter, FastAPI

from syncfusion.studio.jobs import Jobs
from syncfusion.studio.routes.jobs import router as job_router
from syncfusion.studio.routes.media import router as media_router
from syncfusion.studio.routes.page import page_routes
from syncfusion.studio.routes.project import router as project_router
from syncfusion.studio.routes.takes import router as take_router
from syncfusion.studio.routes.uploads import router as upload_router
from syncfusion.studio.workspace import Studio


def add_routes(app: FastAPI, studio: Studio, jobs: Jobs, page: Path) -> None:
    """Add every path.

    Args:
        app: the application; its state holds the studio and the jobs from now on.
        studio: the projects.
        jobs: the queue.
        page: folder of the page's files.
    """
    app.state.studio, app.state.jobs = studio, jobs
    routes = APIRouter(prefix="/{id}")
    routes.include_router(page_routes(page))
    for router in (project_router, media_router, job_router, take_router, upload_router):
        routes.include_router(router)
    app.include_router(routes)

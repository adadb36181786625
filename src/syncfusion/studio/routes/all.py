"""All paths of the application, below ``/ID/`` of each project."""

from pathlib import Path

from fastapi import APIRouter, FastAPI

from syncfusion.studio.routes.page import page_routes
from syncfusion.studio.routes.project import router as project_router
from syncfusion.studio.workspace import Studio


def add_routes(app: FastAPI, studio: Studio, page: Path) -> None:
    """Add every path.

    Args:
        app: the application; its state holds the studio from now on.
        studio: the projects.
        page: folder of the page's files.
    """
    app.state.studio = studio
    routes = APIRouter(prefix="/{id}")
    routes.include_router(page_routes(page))
    routes.include_router(project_router)
    app.include_router(routes)

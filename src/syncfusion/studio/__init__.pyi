from .app import create_app
from .folder import ProjectFolder, is_project
from .job import Job
from .jobs import Jobs
from .notebook import TimelineWidget
from .proxy import Front
from .serve import open_workspace, serve
from .work.delivering import deliver_project
from .worker_process import worker_command
from .workspace import Studio, Workspace

__all__ = [
    "Front",
    "Job",
    "Jobs",
    "ProjectFolder",
    "Studio",
    "TimelineWidget",
    "Workspace",
    "create_app",
    "deliver_project",
    "is_project",
    "open_workspace",
    "serve",
    "worker_command",
]

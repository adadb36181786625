from .app import create_app
from .folder import ProjectFolder, is_project
from .workspace import Studio, Workspace

__all__ = ["ProjectFolder", "Studio", "Workspace", "create_app", "is_project"]

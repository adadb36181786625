from .all import add_routes
from .render import render_app

__all__ = ["add_routes", "render_app"]

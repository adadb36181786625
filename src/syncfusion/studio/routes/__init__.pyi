from .all import add_routes

__all__ = ["add_routes"]

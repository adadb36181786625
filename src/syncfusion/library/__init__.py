"""The user's own recordings: what a folder holds, and which of its hits suits an event."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

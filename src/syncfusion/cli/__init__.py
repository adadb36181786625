"""The command line: one module a command, and the wrapper that all of them run in."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

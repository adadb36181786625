"""Every event its own sound: takes of single hits, kept, and laid over each other."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

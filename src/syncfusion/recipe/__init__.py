"""The compact preset trained in one go, or taught the user's own sounds."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

"""Tables 2 and 3: rendering, resuming and scoring of the sounds of a test set."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

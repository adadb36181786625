"""Reading and writing of video and sound; the only folder that touches codecs."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

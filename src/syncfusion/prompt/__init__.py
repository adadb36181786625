"""Text and reference sounds to one embedding: the protocol of encoders and its two kinds."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

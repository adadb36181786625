"""Impact scenes made from a seed: pictures, sound and exact onsets."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

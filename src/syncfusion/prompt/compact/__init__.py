"""The bundled prompt encoder: character n-grams and log-mel spectra to one unit sphere."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

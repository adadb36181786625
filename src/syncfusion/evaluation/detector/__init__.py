"""Evaluation of the onset detector: metrics per clip and per split, tables and pictures."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

"""Metrics of generated sound and of the onset detector, with statistics, tables and reports."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

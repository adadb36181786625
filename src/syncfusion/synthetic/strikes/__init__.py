"""Strikes simulated by MuJoCo: an arm with a stick, exact contacts and forces, and a camera."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

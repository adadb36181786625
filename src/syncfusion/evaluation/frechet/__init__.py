"""Fréchet distances between sets of sounds, and the embeddings they are taken in."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

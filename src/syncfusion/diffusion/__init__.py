"""Stage 2: the waveform diffusion model, its training and its sampling."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

from . import checkpoint
from .errors import InputError
from .media.audio import Waveform
from .product.loading import load
from .product.pipeline import Pipeline
from .track import OnsetTrack

__all__ = ["InputError", "OnsetTrack", "Pipeline", "Waveform", "checkpoint", "load"]

from . import checkpoint
from .errors import InputError
from .media.audio import Waveform
from .product.pipeline import Pipeline, load
from .track import OnsetTrack

__all__ = ["InputError", "OnsetTrack", "Pipeline", "Waveform", "checkpoint", "load"]

from .delivery import Delivery, check_outputs, peak_gain
from .loading import load
from .pipeline import Pipeline
from .preset import find_preset
from .record import described

__all__ = [
    "Delivery",
    "Pipeline",
    "check_outputs",
    "described",
    "find_preset",
    "load",
    "peak_gain",
]

from .batch import OnsetBatch
from .clips import Clip
from .frames import FrameSize

__all__ = [
    "Clip",
    "FrameSize",
    "OnsetBatch",
]

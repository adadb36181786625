from .clips import Clip
from .frames import FrameSize
from .module import OnsetBatch

__all__ = [
    "Clip",
    "FrameSize",
    "OnsetBatch",
]

from .batch import OnsetBatch
from .clips import Clip
from .epochs import EpochSampler
from .frames import FrameSize
from .ranks import rank_clips

__all__ = [
    "Clip",
    "EpochSampler",
    "FrameSize",
    "OnsetBatch",
    "rank_clips",
]

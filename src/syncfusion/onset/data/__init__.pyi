from .batch import OnsetBatch
from .clips import Clip
from .epochs import EpochSampler
from .frames import FrameSize
from .ranks import rank_clips
from .raw import annotated_video, raw_video

__all__ = [
    "Clip",
    "EpochSampler",
    "FrameSize",
    "OnsetBatch",
    "annotated_video",
    "rank_clips",
    "raw_video",
]

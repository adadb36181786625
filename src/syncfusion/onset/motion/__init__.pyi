from .clips import MotionClip, annotated_video, clip_motion, clip_names, open_motion_clips
from .curve import OnsetCurve, curve_of, onset_curve
from .data import MotionData
from .flow import motion_between
from .folds import fold_of
from .frames import FrameMotionNet
from .inputs import MotionInput, motion_input
from .module import MotionModule
from .net import MOTION_NET_KEY, MotionNetConfig, MotionOnsetNet
from .segments import Augmentation
from .stream import Motion, motion_of, read_motion

__all__ = [
    "Augmentation",
    "FrameMotionNet",
    "Motion",
    "MotionClip",
    "MotionData",
    "MotionInput",
    "MotionModule",
    "MotionNetConfig",
    "MotionOnsetNet",
    "MOTION_NET_KEY",
    "OnsetCurve",
    "annotated_video",
    "clip_motion",
    "curve_of",
    "fold_of",
    "motion_between",
    "motion_input",
    "motion_of",
    "onset_curve",
    "open_motion_clips",
    "clip_names",
    "read_motion",
]

from .calibration import Calibration, calibrate, calibration_error, fit_calibration
from .data.clips import Clip, open_split
from .data.frames import FrameSize
from .data.module import OnsetData
from .data.raw import annotated_video, source_video
from .data.resized import at_size
from .decode import Decoding, decode_onsets
from .detect import FrameBatch, SlidingWindow, onset_probabilities
from .loss import logits_of, onset_loss
from .metrics import (
    CHUNK_SECONDS,
    TOLERANCE,
    EventScores,
    average_precision,
    balanced_accuracy,
    chunks_counted_right,
    difference_peaks,
    event_scores,
    frame_labels,
    matched_onsets,
    regular_grid,
    time_offsets,
)
from .module import FRAME_SIZE_KEY, OnsetModule, check_same_net
from .motion.clips import MotionClip, clip_motion, clip_names, open_motion_clips
from .motion.curve import OnsetCurve, curve_of, onset_curve
from .motion.data import MotionData
from .motion.folds import SESSION_PARTS, fold_of
from .motion.frames import FrameMotionNet
from .motion.inputs import MotionInput, motion_input
from .motion.module import MotionModule
from .motion.net import MOTION_NET_KEY, MotionNetConfig, MotionOnsetNet
from .motion.own import KEPT, KeptClip, kept_clips, open_own_clip, read_kept, write_kept
from .motion.segments import Augmentation, feature_batch, grid_batch
from .motion.stream import Motion, read_motion
from .motion.strength import STRENGTH, StrengthModel, fit_strength, strength_quantities
from .net import OnsetNetConfig, VideoOnsetNet

__all__ = [
    "Augmentation",
    "CHUNK_SECONDS",
    "Calibration",
    "Clip",
    "Decoding",
    "EventScores",
    "FRAME_SIZE_KEY",
    "FrameBatch",
    "FrameMotionNet",
    "FrameSize",
    "KEPT",
    "KeptClip",
    "MOTION_NET_KEY",
    "Motion",
    "MotionClip",
    "MotionData",
    "MotionInput",
    "MotionModule",
    "MotionNetConfig",
    "MotionOnsetNet",
    "OnsetCurve",
    "OnsetData",
    "OnsetModule",
    "OnsetNetConfig",
    "SESSION_PARTS",
    "STRENGTH",
    "SlidingWindow",
    "StrengthModel",
    "TOLERANCE",
    "VideoOnsetNet",
    "annotated_video",
    "at_size",
    "average_precision",
    "balanced_accuracy",
    "calibrate",
    "calibration_error",
    "check_same_net",
    "chunks_counted_right",
    "clip_motion",
    "clip_names",
    "curve_of",
    "decode_onsets",
    "difference_peaks",
    "event_scores",
    "feature_batch",
    "fit_calibration",
    "fit_strength",
    "fold_of",
    "frame_labels",
    "grid_batch",
    "kept_clips",
    "logits_of",
    "matched_onsets",
    "motion_input",
    "onset_curve",
    "onset_loss",
    "onset_probabilities",
    "open_motion_clips",
    "open_own_clip",
    "open_split",
    "read_kept",
    "read_motion",
    "regular_grid",
    "source_video",
    "strength_quantities",
    "time_offsets",
    "write_kept",
]

from .calibration import calibrate_detector
from .cross_validation import cross_validate
from .diffusion import train_diffusion
from .fold_scores import describe_cross_validation, summarise_folds
from .metrics import metric_lines
from .onset import onset_settings, train_onset
from .onset_evaluation import evaluate_onset
from .own_clips import find_own_clips
from .own_detector import preset_files, teach_detector
from .own_validation import describe_teaching, validate_teaching
from .prompt import train_prompt
from .publication import publish_preset
from .strength import train_strength

__all__ = [
    "calibrate_detector",
    "cross_validate",
    "describe_cross_validation",
    "describe_teaching",
    "summarise_folds",
    "evaluate_onset",
    "find_own_clips",
    "preset_files",
    "teach_detector",
    "metric_lines",
    "onset_settings",
    "publish_preset",
    "train_diffusion",
    "train_onset",
    "train_prompt",
    "train_strength",
    "validate_teaching",
]

from .diffusion import train_diffusion
from .onset import onset_settings, train_onset
from .onset_evaluation import evaluate_onset

__all__ = [
    "evaluate_onset",
    "onset_settings",
    "train_diffusion",
    "train_onset",
]

from .batch import DiffusionBatch
from .frontend import MdctFrontEnd
from .guidance import Guidance
from .model import DiffusionConfig, DiffusionModel
from .module import ADVICE, DiffusionTraining
from .onset_encoder import OnsetEncoderConfig
from .reference import build_model
from .schedules import SCHEDULES
from .solvers import SOLVERS
from .sound_model import SoundModel
from .unet import UNetConfig

__all__ = [
    "ADVICE",
    "DiffusionBatch",
    "DiffusionConfig",
    "DiffusionModel",
    "DiffusionTraining",
    "Guidance",
    "MdctFrontEnd",
    "OnsetEncoderConfig",
    "SCHEDULES",
    "SOLVERS",
    "SoundModel",
    "UNetConfig",
    "build_model",
]

from .batch import DiffusionBatch
from .config import DiffusionConfig, UNetConfig
from .distillation import DistillationConfig, Teacher
from .frontend import MdctFrontEnd
from .guidance import Guidance
from .model import DiffusionModel
from .module import DiffusionTraining
from .onset_encoder import OnsetEncoderConfig
from .optimisation import ADVICE
from .reference import ReferenceConfig, ReferenceModel, build_model
from .schedules import SCHEDULES
from .solvers import SOLVERS, StepProgress
from .sound_model import SoundModel
from .types import Condition, OnsetFeatures, Predictor, PromptEmbedding

__all__ = [
    "ADVICE",
    "Condition",
    "DiffusionBatch",
    "DiffusionConfig",
    "DiffusionModel",
    "DiffusionTraining",
    "DistillationConfig",
    "Guidance",
    "MdctFrontEnd",
    "OnsetEncoderConfig",
    "OnsetFeatures",
    "Predictor",
    "PromptEmbedding",
    "ReferenceConfig",
    "ReferenceModel",
    "SCHEDULES",
    "SOLVERS",
    "SoundModel",
    "StepProgress",
    "Teacher",
    "UNetConfig",
    "build_model",
]

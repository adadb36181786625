from .clap.encoder import ClapPromptEncoder
from .clap.loading import BACK_ENDS, ClapConfig
from .clap.sources import FOLDER, IN_PARTS, REPOSITORIES, WEIGHTS_SOURCE
from .clap.weights import read_clap
from .compact.batches import LabelledSound
from .compact.encoder import CONFIG, WEIGHTS, CompactPromptEncoder
from .compact.retrieval import retrieval_metrics
from .compact.training import TrainingConfig, train
from .encoder import KINDS, PromptEncoder, compact_folder, load_prompt_encoder
from .labels import draw_text, parse_label
from .vocabulary import read_prompt, unknown_prompt_warning

__all__ = [
    "BACK_ENDS",
    "CONFIG",
    "ClapConfig",
    "ClapPromptEncoder",
    "CompactPromptEncoder",
    "FOLDER",
    "IN_PARTS",
    "KINDS",
    "LabelledSound",
    "PromptEncoder",
    "REPOSITORIES",
    "TrainingConfig",
    "WEIGHTS",
    "WEIGHTS_SOURCE",
    "compact_folder",
    "draw_text",
    "load_prompt_encoder",
    "parse_label",
    "read_clap",
    "read_prompt",
    "retrieval_metrics",
    "train",
    "unknown_prompt_warning",
]

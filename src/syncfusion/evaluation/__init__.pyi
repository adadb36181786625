from .classifier import WORDS, HitClassifier, held_out_accuracy, train_classifier
from .decay import decay_ms
from .detector.picture import DrawnClip, draw_curves
from .detector.report import format_table
from .detector.testing import OnsetTest
from .frechet.distance import frechet_distance
from .frechet.embedders import Embedder, Embeddings, LogMel, PromptSpace, embed_all
from .frechet.hit_distances import with_halves_distance, with_hit_distances
from .frechet.set_metrics import with_distances
from .frechet.vggish import VGGish
from .paper_sound import EXCERPT_SECONDS, ONSET_RATE
from .picture import draw_sound
from .ranking import rank_variations
from .report.html import write_report
from .results import Evaluation, SystemResult, compare_systems
from .scoring import Candidate, Excerpt, Scorer, TargetClip, score_system
from .sound_files import (
    ANNOTATIONS,
    SOUNDS,
    VIDEOS,
    clip_name,
    files_by_clip,
    read_pairs,
    read_sound,
    unmatched,
)
from .statistics import bootstrap_interval, paired_test
from .sync import detect_sound_onsets, ranked_onsets, synchrony
from .tables import format_evaluation, write_metrics

__all__ = [
    "bootstrap_interval",
    "ANNOTATIONS",
    "Candidate",
    "DrawnClip",
    "EXCERPT_SECONDS",
    "Embedder",
    "Embeddings",
    "Evaluation",
    "Excerpt",
    "HitClassifier",
    "LogMel",
    "ONSET_RATE",
    "OnsetTest",
    "PromptSpace",
    "SOUNDS",
    "Scorer",
    "SystemResult",
    "TargetClip",
    "VGGish",
    "VIDEOS",
    "WORDS",
    "clip_name",
    "compare_systems",
    "decay_ms",
    "detect_sound_onsets",
    "draw_curves",
    "draw_sound",
    "embed_all",
    "files_by_clip",
    "format_evaluation",
    "format_table",
    "frechet_distance",
    "held_out_accuracy",
    "paired_test",
    "rank_variations",
    "ranked_onsets",
    "read_pairs",
    "read_sound",
    "score_system",
    "synchrony",
    "train_classifier",
    "unmatched",
    "with_distances",
    "with_halves_distance",
    "with_hit_distances",
    "write_metrics",
    "write_report",
]

from .embedders import Embedder, LogMel, embed_all
from .set_metrics import set_metric

__all__ = [
    "Embedder",
    "LogMel",
    "embed_all",
    "set_metric",
]

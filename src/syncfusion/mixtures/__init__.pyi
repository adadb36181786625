from .data import DiffusionData
from .mixtures import HitGroup, HitMixtures, group_hits

__all__ = [
    "DiffusionData",
    "HitGroup",
    "HitMixtures",
    "group_hits",
]

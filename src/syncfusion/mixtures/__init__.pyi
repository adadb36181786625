from .data import DiffusionData
from .mixtures import HitGroup, HitMixtures, MixtureConfig, group_hits

__all__ = [
    "DiffusionData",
    "HitGroup",
    "HitMixtures",
    "MixtureConfig",
    "group_hits",
]

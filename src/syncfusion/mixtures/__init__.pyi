from .data import DiffusionData
from .mixtures import Group, HitMixtures, group_hits

__all__ = [
    "DiffusionData",
    "Group",
    "HitMixtures",
    "group_hits",
]

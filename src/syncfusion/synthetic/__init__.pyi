from .dataset import synthesize, write_sample
from .sound import hit_sound, scratch_sound

__all__ = [
    "hit_sound",
    "scratch_sound",
    "synthesize",
    "write_sample",
]

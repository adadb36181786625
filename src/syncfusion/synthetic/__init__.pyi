from .dataset import SAMPLE_CONFIG, STRIKE_CONFIG, scene_id, synthesize, write_sample
from .sound import hit_sound, scratch_sound

__all__ = [
    "SAMPLE_CONFIG",
    "STRIKE_CONFIG",
    "hit_sound",
    "scene_id",
    "scratch_sound",
    "synthesize",
    "write_sample",
]

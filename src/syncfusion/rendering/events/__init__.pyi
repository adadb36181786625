from .cache import TakeCache, default_cache
from .laying import Grid, Placed, full_scale, lay, peak_of
from .requests import TakeRequest
from .round_robin import Jitter, jitter_of, jittered
from .sampling import TakeRenderer
from .seeds import event_seeds
from .strength import struck
from .takes import SILENCE, Take, gated, make_take

__all__ = [
    "Grid",
    "Jitter",
    "Placed",
    "SILENCE",
    "Take",
    "TakeCache",
    "TakeRenderer",
    "TakeRequest",
    "default_cache",
    "event_seeds",
    "full_scale",
    "gated",
    "jitter_of",
    "jittered",
    "lay",
    "make_take",
    "peak_of",
    "struck",
]

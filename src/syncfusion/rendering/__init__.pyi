from .batches import RenderJob, in_batches, render_jobs
from .events.cache import TakeCache, default_cache
from .events.laying import Grid, Placed, full_scale, lay, peak_of
from .events.requests import TakeRequest
from .events.round_robin import Jitter, jitter_of, jittered
from .events.sampling import TakeRenderer
from .events.seeds import event_seeds
from .events.takes import SILENCE, Take, gated, make_take
from .render import Block, RenderSettings, render_blocks, with_edge_fades

__all__ = [
    "Block",
    "Grid",
    "Jitter",
    "Placed",
    "RenderJob",
    "RenderSettings",
    "SILENCE",
    "Take",
    "TakeCache",
    "TakeRenderer",
    "TakeRequest",
    "default_cache",
    "event_seeds",
    "full_scale",
    "gated",
    "in_batches",
    "jitter_of",
    "jittered",
    "lay",
    "make_take",
    "peak_of",
    "render_blocks",
    "render_jobs",
    "with_edge_fades",
]

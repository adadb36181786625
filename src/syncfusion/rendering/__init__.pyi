from .batches import RenderJob, in_batches, render_jobs
from .events.cache import TakeCache, default_cache
from .events.laying import Grid, Placed, full_scale, lay, peak_of
from .events.requests import TakeRequest
from .events.round_robin import Jitter, jitter_of, jittered
from .events.sampling import TakeRenderer
from .events.seeds import event_seeds
from .events.strength import struck
from .events.takes import SILENCE, Take, gated, make_take
from .render import Block, RenderSettings, render_blocks, with_edge_fades
from .room.ambience import AMBIENCE_DB, with_ambience
from .room.convolution import in_room
from .room.responses import DRY, ROOMS, impulse_response

__all__ = [
    "AMBIENCE_DB",
    "Block",
    "DRY",
    "Grid",
    "Jitter",
    "Placed",
    "ROOMS",
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
    "impulse_response",
    "in_batches",
    "in_room",
    "jitter_of",
    "jittered",
    "lay",
    "make_take",
    "peak_of",
    "render_blocks",
    "render_jobs",
    "struck",
    "with_ambience",
    "with_edge_fades",
]

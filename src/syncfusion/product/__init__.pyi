from .delivery import check_outputs, deliver
from .event_mix import EventMix
from .event_plan import EventOptions, PlannedEvent, Prompt, groups_of
from .event_tracks import without_seeds
from .in_room import Surroundings
from .loading import load
from .pipeline import Pipeline
from .preset import find_preset
from .preset_settings import EVENTS, MODES, TRACK
from .record import described
from .result import Delivery, Generated
from .sounds import Sound, peak_gain

__all__ = [
    "Delivery",
    "EVENTS",
    "EventMix",
    "EventOptions",
    "Generated",
    "MODES",
    "Pipeline",
    "PlannedEvent",
    "Prompt",
    "Sound",
    "TRACK",
    "Surroundings",
    "check_outputs",
    "deliver",
    "described",
    "find_preset",
    "groups_of",
    "load",
    "peak_gain",
    "without_seeds",
]

from .delivery import check_outputs, deliver
from .event_mix import EventMix
from .event_plan import EventOptions, PlannedEvent, Prompt, groups_of
from .event_tracks import following
from .in_room import Surroundings
from .loading import load
from .names import FIELDS, TEMPLATES, NameTemplate
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
    "FIELDS",
    "Generated",
    "MODES",
    "NameTemplate",
    "Pipeline",
    "PlannedEvent",
    "Prompt",
    "Sound",
    "TEMPLATES",
    "TRACK",
    "Surroundings",
    "check_outputs",
    "deliver",
    "described",
    "find_preset",
    "following",
    "groups_of",
    "load",
    "peak_gain",
]

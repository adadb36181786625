from .catalogue import CATALOGUE, ON_STEMS, FormatFacts
from .formats import find_format, format_names, read_events, returned, write_events
from .ids import OWN_LABEL, with_ids
from .matching import Changes, match
from .picture import find_start, picture_timeline
from .pops import Pops
from .session import Session, distinct, file_name, find_stems
from .timecode import Timeline, frame_rate

__all__ = [
    "CATALOGUE",
    "Changes",
    "FormatFacts",
    "ON_STEMS",
    "OWN_LABEL",
    "Pops",
    "Session",
    "Timeline",
    "distinct",
    "file_name",
    "find_format",
    "find_start",
    "find_stems",
    "format_names",
    "frame_rate",
    "match",
    "picture_timeline",
    "read_events",
    "returned",
    "with_ids",
    "write_events",
]

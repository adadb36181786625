from .access import Access, find_shards
from .chunks import Example, Slicing, cut_clips
from .data import ShardData
from .embeddings import as_text
from .prompt_source import identify
from .published import AUGMENT_PREDICTIONS, PREDICTIONS, write_set
from .recording import Faults, Recording, read_recordings
from .references import hit_spans
from .stream import OnePass, Streaming
from .tars import PREDICTED
from .writer import Extras, write_shard

__all__ = [
    "AUGMENT_PREDICTIONS",
    "Access",
    "Example",
    "Extras",
    "Faults",
    "OnePass",
    "PREDICTED",
    "PREDICTIONS",
    "Recording",
    "ShardData",
    "Slicing",
    "Streaming",
    "as_text",
    "cut_clips",
    "find_shards",
    "hit_spans",
    "identify",
    "read_recordings",
    "write_set",
    "write_shard",
]

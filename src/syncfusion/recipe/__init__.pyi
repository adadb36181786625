from .command import train
from .own_shards import write_own_shards
from .size import AUTO, REHEARSAL, SIZES
from .steps import StepFailed

__all__ = [
    "AUTO",
    "REHEARSAL",
    "SIZES",
    "StepFailed",
    "train",
    "write_own_shards",
]

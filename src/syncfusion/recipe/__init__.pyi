from .command import RecipeOptions, train_compact
from .own_shards import OWN_SHARDS, write_own_shards
from .size import AUTO, REHEARSAL, SIZES

__all__ = [
    "AUTO",
    "OWN_SHARDS",
    "REHEARSAL",
    "RecipeOptions",
    "SIZES",
    "train_compact",
    "write_own_shards",
]

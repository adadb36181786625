from .choosing import Choice, Wish, choose
from .cutting import Cut
from .index import LibraryHit, LibraryIndex, build_index
from .reading import read_choice
from .sounds import SoundLibrary

__all__ = [
    "Choice",
    "Cut",
    "LibraryHit",
    "LibraryIndex",
    "SoundLibrary",
    "Wish",
    "build_index",
    "choose",
    "read_choice",
]

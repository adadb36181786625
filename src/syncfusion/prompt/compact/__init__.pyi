from .encoder import CompactPromptEncoder
from .sound import audible_peak, loudest

__all__ = [
    "CompactPromptEncoder",
    "audible_peak",
    "loudest",
]

from .sound import audible_peak, loudest

__all__ = [
    "audible_peak",
    "loudest",
]

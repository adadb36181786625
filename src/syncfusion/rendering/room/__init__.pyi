from .ambience import AMBIENCE_DB, with_ambience
from .convolution import in_room
from .responses import DRY, ROOMS, impulse_response

__all__ = ["AMBIENCE_DB", "DRY", "ROOMS", "impulse_response", "in_room", "with_ambience"]

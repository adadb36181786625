from .conversion import convert
from .download import fetch
from .files import load_diffusion, load_onset, reads_motion, save_diffusion, save_onset
from .kinds import verify
from .room import check_room
from .sources import DOWNLOADS, files_of, files_there, places_of

__all__ = [
    "DOWNLOADS",
    "check_room",
    "convert",
    "fetch",
    "files_of",
    "files_there",
    "load_diffusion",
    "load_onset",
    "places_of",
    "reads_motion",
    "save_diffusion",
    "save_onset",
    "verify",
]

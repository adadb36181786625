from .conversion import convert
from .download import fetch
from .files import load_diffusion, load_onset, reads_motion, save_diffusion, save_onset
from .kinds import verify
from .sources import SETS, files_of, files_there

__all__ = [
    "SETS",
    "convert",
    "fetch",
    "files_of",
    "files_there",
    "load_diffusion",
    "load_onset",
    "reads_motion",
    "save_diffusion",
    "save_onset",
    "verify",
]

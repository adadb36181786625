from .encoder import ClapPromptEncoder
from .loading import ClapConfig

__all__ = [
    "ClapConfig",
    "ClapPromptEncoder",
]

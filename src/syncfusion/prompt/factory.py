"""The one place where prompt encoders are made."""

from pathlib import Path

from syncfusion.places import PRESETS
from syncfusion.prompt.clap import ClapConfig, ClapPromptEncoder
from syncfusion.prompt.compact import CompactPromptEncoder
from syncfusion.prompt.encoder import PromptEncoder

CLAP, COMPACT = "clap", "compact"
KINDS = (COMPACT, CLAP)


def load_prompt_encoder(name: str | Path, clap: ClapConfig | None = None) -> PromptEncoder:
    """Return a prompt encoder.

    Args:
        name: "clap", "compact" for the bundled encoder, or a folder with files of its kind.
        clap: files, back end and device of CLAP; None for the defaults.

    Returns:
        The encoder; CLAP reads its files at the first prompt.

    Raises:
        InputError: if the files of a compact encoder are missing or of another format.
    """
    if name == CLAP:
        return ClapPromptEncoder(clap)
    return CompactPromptEncoder.load(compact_folder(name))


def compact_folder(name: str | Path) -> Path:
    """Return the folder of a compact encoder: the bundled one for "compact", else ``name``."""
    return PRESETS / COMPACT if name == COMPACT else Path(name)

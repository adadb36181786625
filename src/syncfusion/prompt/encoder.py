"""Prompt encoders: their protocol, and the one function that makes them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

from jaxtyping import Float
from torch import Tensor

from syncfusion.media import Waveform
from syncfusion.places import PRESETS
from syncfusion.prompt.clap import ClapConfig, ClapPromptEncoder
from syncfusion.prompt.compact import CompactPromptEncoder

CLAP, COMPACT = "clap", "compact"
KINDS = (COMPACT, CLAP)


@runtime_checkable
class PromptEncoder(Protocol):
    """Turns a text or a reference sound into a vector of length 1 with 512 features.

    Equal prompts give equal vectors, whatever else the batch holds.
    """

    def embed(self, prompt: str | Waveform) -> Float[Tensor, "512"]:
        """Return the vector of one prompt.

        Args:
            prompt: a text, or a sound of any sample rate and loudness.

        Returns:
            A vector of length 1.

        Raises:
            InputError: if the text has no words or the sound is empty or silent.
        """
        ...

    def embed_texts(self, texts: Sequence[str]) -> Float[Tensor, "batch 512"]:
        """Return one vector per text; errors as in ``embed``."""
        ...

    def embed_sounds(self, sounds: Sequence[Waveform]) -> Float[Tensor, "batch 512"]:
        """Return one vector per sound; errors as in ``embed``."""
        ...


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

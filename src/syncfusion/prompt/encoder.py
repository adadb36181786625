"""What every prompt encoder offers: text and sound become points of one unit sphere."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from jaxtyping import Float
from torch import Tensor

from syncfusion.media import Waveform


@runtime_checkable
class PromptEncoder(Protocol):
    """Turns a text or a reference sound into a vector of length 1 with 512 features.

    Equal prompts give equal vectors, whatever else is in a batch.
    """

    def embed(self, prompt: str | Waveform) -> Float[Tensor, "512"]:
        """Return the vector of one prompt.

        Args:
            prompt: a text, or a sound at any rate and level.

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

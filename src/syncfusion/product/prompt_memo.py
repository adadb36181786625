"""The embedding of the last prompt, which is checked before the work that it is needed for."""

from syncfusion.diffusion import PromptEmbedding
from syncfusion.media import Waveform
from syncfusion.prompt import PromptEncoder


class PromptMemo:
    """Embeds prompts, the same one once in a row.

    Args:
        encoder: of prompts.
    """

    def __init__(self, encoder: PromptEncoder) -> None:
        self._encoder = encoder
        self._last: tuple[str | Waveform, PromptEmbedding] | None = None

    def embed(self, prompt: str | Waveform) -> PromptEmbedding:
        """Return a prompt's embedding, (1, 1, 512); an InputError if it cannot be used."""
        if self._last is None or self._last[0] is not prompt:
            self._last = prompt, self._encoder.embed(prompt)[None, None]
        return self._last[1]

"""CLAP as a prompt encoder: the embeddings that the published diffusion model was trained with."""

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

import torch
from jaxtyping import Float
from torch import Tensor

from syncfusion.constants import PROMPT_FEATURES
from syncfusion.media import Waveform
from syncfusion.prompt.clap.loading import ClapConfig, LoadedClap, load_clap
from syncfusion.prompt.clap.sound import window
from syncfusion.prompt.clap.tokenizer import Tokens

Kind = TypeVar("Kind", str, Waveform)
BATCH = 8  # prompts computed at once
_loading = threading.Lock()  # loading laion_clap patches classes that all threads share


class ClapPromptEncoder:
    """CLAP (HTSAT-tiny and RoBERTa) without fusion; see ``encoder.PromptEncoder``.

    The files are read at the first prompt. The encoder is frozen and no ``nn.Module``, so no
    state_dict holds it; a pickle of it holds its configuration alone.

    Args:
        config: files, back end and device; None for the defaults.

    Attributes:
        config: the same.
    """

    def __init__(self, config: ClapConfig | None = None) -> None:
        self.config = config or ClapConfig()
        self._loaded: LoadedClap | None = None

    def __reduce__(self) -> tuple:
        return type(self), (self.config,)

    def check(self) -> None:
        """Fail if a file is missing, without reading any; see ``ClapConfig.check``."""
        self.config.check()

    def embed(self, prompt: str | Waveform) -> Float[Tensor, "512"]:
        """Return the vector of one prompt.

        Args:
            prompt: a text of at most 1000 characters, or a sound at any rate.

        Returns:
            A vector of length 1, on the CPU.

        Raises:
            InputError: if the text has no words or is too long, the sound is empty or silent, or
                CLAP cannot be loaded.
        """
        if isinstance(prompt, str):
            return self.embed_texts([prompt])[0]
        return self.embed_sounds([prompt])[0]

    def embed_texts(self, texts: Sequence[str]) -> Float[Tensor, "batch 512"]:
        """Return one vector per text."""

        def vectors(some: Sequence[str], clap: LoadedClap) -> Tensor:
            tokens = clap.tokenizer(some)
            return clap.net.embed_tokens(Tokens(*(part.to(clap.device) for part in tokens)))

        return self._in_batches(texts, vectors)

    def embed_sounds(self, sounds: Sequence[Waveform]) -> Float[Tensor, "batch 512"]:
        """Return one vector per sound, which the other sounds of the batch do not influence."""

        def vectors(some: Sequence[Waveform], clap: LoadedClap) -> Tensor:
            windows = torch.stack([window(sound) for sound in some])
            return clap.net.embed_windows(windows.to(clap.device))

        return self._in_batches(sounds, vectors)

    @torch.no_grad()
    def _in_batches(
        self, prompts: Sequence[Kind], vectors: Callable[[Sequence[Kind], LoadedClap], Tensor]
    ) -> Float[Tensor, "batch 512"]:
        batches = [prompts[first : first + BATCH] for first in range(0, len(prompts), BATCH)]
        if not batches:
            return torch.zeros(0, PROMPT_FEATURES)
        clap = self._load()
        with torch.autocast(clap.device.type, enabled=False):  # in the precision published
            return torch.cat([vectors(batch, clap) for batch in batches]).cpu()

    def _load(self) -> LoadedClap:
        with _loading:
            self._loaded = self._loaded or load_clap(self.config)
        return self._loaded

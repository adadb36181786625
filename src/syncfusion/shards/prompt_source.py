"""The prompt encoder of shards and of a training: its identity, and embeddings by it."""

from collections.abc import Iterator, Sequence
from functools import cached_property

import torch
from jaxtyping import Float
from torch import Tensor

from syncfusion.constants import SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.hashing import file_hash
from syncfusion.media import Waveform
from syncfusion.places import CLAP_WEIGHTS
from syncfusion.prompt import WEIGHTS as COMPACT_WEIGHTS
from syncfusion.prompt import ClapConfig, PromptEncoder, compact_folder, load_prompt_encoder
from syncfusion.shards.chunks import Prompt
from syncfusion.shards.embeddings import EncoderIdentity


def identify(name: str) -> EncoderIdentity:
    """Return the identity of the encoder that a name stands for.

    Args:
        name: "clap", "compact" (the bundled one), or a folder with one like it.

    Returns:
        Its kind and the hash of its weights.

    Raises:
        InputError: if its weights are not there.
    """
    clap = name == "clap"
    weights = CLAP_WEIGHTS if clap else compact_folder(name) / COMPACT_WEIGHTS
    try:
        return EncoderIdentity("clap" if clap else "compact", file_hash(weights))
    except OSError as error:
        raise InputError(
            f"there is no {weights}, the weights of the prompt encoder {name!r}; "
            "put them there, or choose clap, compact or a folder"
        ) from error


NAMED = ("clap", "compact")  # encoders that a training can choose by name
SAME = "choose the same encoder"


class PromptSource:
    """Embeddings of prompts: those of the shards, or computed by the encoder of a training.

    The encoder is loaded at the first prompt that comes without an embedding. A training on shards
    with CLAP embeddings needs no CLAP weights; where they are, their hash is compared.

    Args:
        name: of the encoder, as ``identify`` takes it; None for the one of the first embedding.
        back_end: of CLAP, see ``prompt.ClapConfig``.
    """

    def __init__(self, name: str | None, back_end: str = "transformers") -> None:
        self.name, self.back_end = name, back_end
        self.first: EncoderIdentity | None = None

    @cached_property
    def encoder(self) -> PromptEncoder:
        """The encoder, loaded."""
        if self.name is None:
            raise InputError(
                "the shards hold no prompt embeddings; write them with --embeddings, "
                "or name the encoder that is to embed every prompt of every step"
            )
        return load_prompt_encoder(self.name, ClapConfig(back_end=self.back_end))

    @cached_property
    def expected(self) -> EncoderIdentity | None:
        """The encoder that all embeddings have to be from, None for any."""
        if self.name == "clap" and not CLAP_WEIGHTS.is_file():
            return EncoderIdentity("clap", "")
        return None if self.name is None else identify(self.name)

    def embed(self, prompts: Sequence[Prompt]) -> Float[Tensor, "batch 1 prompt_feature"]:
        """Return one unit vector per prompt, on an axis of one token.

        Args:
            prompts: with embeddings of one encoder, or without.

        Returns:
            The vectors, on the CPU.

        Raises:
            InputError: if an embedding is from another encoder, or there is none and no encoder.
        """
        for prompt in prompts:
            if prompt.encoder is not None:
                self._check(prompt.encoder)
        made = self._make([prompt for prompt in prompts if prompt.embedding is None])
        vectors = [next(made) if p.embedding is None else p.embedding for p in prompts]
        return torch.stack(vectors)[:, None]

    def _make(self, prompts: Sequence[Prompt]) -> Iterator[Float[Tensor, " prompt_feature"]]:
        """Yield the embedding of every prompt; without prompts the encoder is not loaded."""
        sounds = [Waveform(prompt.sound, SAMPLE_RATE) for prompt in prompts if not prompt.text]
        texts = [prompt.text for prompt in prompts if prompt.text]
        of_sounds = iter(self.encoder.embed_sounds(sounds).float().cpu())
        of_texts = iter(self.encoder.embed_texts(texts).float().cpu())
        for prompt in prompts:
            yield next(of_texts if prompt.text else of_sounds)

    def _check(self, found: EncoderIdentity) -> None:
        self.first = self.first or found
        expected = self.expected or self.first
        if found.name != expected.name or expected.sha256 not in ("", found.sha256):
            advice = f"choose data.encoder={found.name}" if found.name in NAMED else SAME
            raise InputError(
                f"the shards hold embeddings by {found}, this training uses {expected}; "
                f"{advice}, or write the shards again with --embeddings"
            )

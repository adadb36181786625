"""CLAP by the laion-clap package, kept from reaching for the network and from changing others."""

import contextlib
import sys
import warnings
from collections.abc import Iterator
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from syncfusion.prompt.clap.sound import Windows
from syncfusion.prompt.clap.tokenizer import Tokens
from syncfusion.prompt.clap.weights import ClapWeights
from syncfusion.weights import filled

ASKED = ("BertTokenizer", "RobertaTokenizer", "BartTokenizer", "RobertaModel")
ROBERTA = {  # roberta-base's config.json, where it differs from transformers' defaults
    "type_vocab_size": 1,
    "layer_norm_eps": 1e-5,
    "bos_token_id": 0,
    "pad_token_id": 1,
    "eos_token_id": 2,
}


class LaionClap:
    """Both halves of CLAP; see ``loading.ClapNet``.

    Args:
        weights: what to fill it with.
        device: where it computes.

    Raises:
        InputError: if the weights are another architecture's.
    """

    def __init__(self, weights: ClapWeights, device: torch.device) -> None:
        bare = bare_model(weights.n_tokens, weights.n_positions, weights.n_text_layers)
        model = filled(bare, weights.state, weights.path)
        self.model: Any = model.requires_grad_(False).to(device)

    def embed_tokens(self, tokens: Tokens) -> Float[Tensor, "batch 512"]:
        """Return one unit vector per text."""
        texts = {"input_ids": tokens.token_ids, "attention_mask": tokens.mask}
        return self.model.get_text_embedding(texts)

    def embed_windows(self, windows: Windows) -> Float[Tensor, "batch 512"]:
        """Return one unit vector per sound."""
        return self.model.get_audio_embedding([{"waveform": samples} for samples in windows])


def bare_model(n_tokens: int, n_positions: int, n_text_layers: int) -> nn.Module:
    """Return laion-clap's model, HTSAT-tiny and RoBERTa without fusion, with random weights.

    Args:
        n_tokens: how many tokens the text net knows.
        n_positions: how many positions.
        n_text_layers: how many layers it has.

    Returns:
        The model, on the CPU.
    """
    sizes = {"vocab_size": n_tokens, "max_position_embeddings": n_positions}
    with (
        _answered_here(ROBERTA | sizes | {"num_hidden_layers": n_text_layers}),
        _same_import_path(),
        warnings.catch_warnings(action="ignore", category=UserWarning),  # of its torch.meshgrid
        torch.random.fork_rng(devices=[]),
    ):
        from laion_clap import CLAP_Module

        return CLAP_Module(False, device="cpu", amodel="HTSAT-tiny", tmodel="roberta").model


@contextlib.contextmanager
def _answered_here(config: dict[str, Any]) -> Iterator[None]:
    """Answer what laion_clap asks the Hugging Face hub for: three tokenizers and a text net.

    The tokenizers are for its training code and its own reading of texts, which nobody calls; the
    text net's weights are about to be replaced by the checkpoint's.
    """
    import transformers

    def answer(asked: type, *_: Any, **__: Any) -> nn.Module | None:
        if asked is transformers.RobertaModel:
            return asked(transformers.RobertaConfig(**config))
        return None

    classes = {getattr(transformers, name) for name in ASKED}
    own = {asked: vars(asked).get("from_pretrained") for asked in classes}
    try:
        for asked in classes:
            asked.from_pretrained = classmethod(answer)
        yield
    finally:
        for asked, method in own.items():
            if method is None:
                del asked.from_pretrained
            else:
                asked.from_pretrained = method


@contextlib.contextmanager
def _same_import_path() -> Iterator[None]:
    """Take back that laion_clap puts its folder, with a module named training, on the path."""
    before = list(sys.path)
    try:
        yield
    finally:
        sys.path[:] = before

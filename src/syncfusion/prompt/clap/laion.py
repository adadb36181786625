"""CLAP by the laion-clap package, without its downloads and its changes to the process."""

import contextlib
import sys
import warnings
from collections.abc import Iterator
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from syncfusion.prompt.clap.sound import ClapWindows
from syncfusion.prompt.clap.tokenizer import Tokens
from syncfusion.prompt.clap.weights import ClapWeights
from syncfusion.weights import filled

DOWNLOADED = (  # classes whose pretrained files laion_clap would download
    "BertTokenizer",
    "RobertaTokenizer",
    "BartTokenizer",
    "RobertaModel",
)
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
        weights: of the checkpoint.
        device: of the computation.

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

    def embed_windows(self, windows: ClapWindows) -> Float[Tensor, "batch 512"]:
        """Return one unit vector per sound."""
        return self.model.get_audio_embedding([{"waveform": samples} for samples in windows])


def bare_model(n_tokens: int, n_positions: int, n_text_layers: int) -> nn.Module:
    """Return laion-clap's model, HTSAT-tiny and RoBERTa without fusion, with random weights.

    Args:
        n_tokens: size of the text net's vocabulary.
        n_positions: positions of the text net.
        n_text_layers: layers of the text net.

    Returns:
        The model, on the CPU.
    """
    sizes = {"vocab_size": n_tokens, "max_position_embeddings": n_positions}
    with (
        _without_downloads(ROBERTA | sizes | {"num_hidden_layers": n_text_layers}),
        _same_import_path(),
        warnings.catch_warnings(action="ignore", category=UserWarning),  # of its torch.meshgrid
        torch.random.fork_rng(devices=[]),
    ):
        from laion_clap import CLAP_Module

        return CLAP_Module(False, device="cpu", amodel="HTSAT-tiny", tmodel="roberta").model


@contextlib.contextmanager
def _without_downloads(config: dict[str, Any]) -> Iterator[None]:
    """Replace laion_clap's downloads, three tokenizers and a text net, by stand-ins.

    The tokenizers become None: only its training code and its own text reading use them, and
    neither is called. The text net gets random weights, which the checkpoint's replace.
    """
    import transformers

    def stand_in(cls: type, *_: Any, **__: Any) -> nn.Module | None:
        if cls is transformers.RobertaModel:
            return cls(transformers.RobertaConfig(**config))
        return None

    classes = {getattr(transformers, name) for name in DOWNLOADED}
    own = {cls: vars(cls).get("from_pretrained") for cls in classes}
    try:
        for cls in classes:
            cls.from_pretrained = classmethod(stand_in)
        yield
    finally:
        for cls, method in own.items():
            if method is None:
                del cls.from_pretrained
            else:
                cls.from_pretrained = method


@contextlib.contextmanager
def _same_import_path() -> Iterator[None]:
    """Restore the import path: laion_clap adds its folder, which holds a module ``training``."""
    before = list(sys.path)
    try:
        yield
    finally:
        sys.path[:] = before

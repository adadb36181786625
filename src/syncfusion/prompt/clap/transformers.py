"""CLAP by transformers' ``ClapModel``, filled from laion-clap's checkpoint."""

import re
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from syncfusion.prompt.clap.sound import ClapWindows, log_mel
from syncfusion.prompt.clap.tokenizer import Tokens
from syncfusion.prompt.clap.weights import BANK, ClapWeights
from syncfusion.weights import filled

LAYER_NORM_EPSILON = 1e-5  # roberta-base's; ClapTextConfig's default is another
UNUSED = re.compile(  # heads for training and tagging, and the front end before the spectrum
    r"^(audio|text)_transform\.|\.attn_mask$"
    r"|^audio_branch\.(spectrogram_extractor|logmel_extractor|tscam_conv|head)\."
)
TO_TRANSFORMERS = (
    (r"^text_branch\.", "text_model."),
    (r"^(text|audio)_projection\.0\.", r"\1_projection.linear1."),
    (r"^(text|audio)_projection\.2\.", r"\1_projection.linear2."),
    (r"^audio_branch\.bn0\.", "audio_model.audio_encoder.batch_norm."),
    (r"^audio_branch\.", "audio_model.audio_encoder."),
    (r"\.norm1\.", ".layernorm_before."),
    (r"\.norm2\.", ".layernorm_after."),
    (r"\.attn\.proj\.", ".attention.output.dense."),
    (r"\.attn\.", ".attention.self."),
    (r"\.mlp\.fc1\.", ".intermediate.dense."),
    (r"\.mlp\.fc2\.", ".output.dense."),
)
COUNTED = ("position_ids", "token_type_ids")  # 0, 1, 2, … and zeros: part of transformers' state
SELF_ATTENTION = ("query", "key", "value")  # one tensor, stacked, in laion-clap


class TransformersClap:
    """Both halves of CLAP; see ``loading.ClapNet``.

    Args:
        weights: of the checkpoint.
        device: of the computation.

    Raises:
        InputError: if the weights are another architecture's.
    """

    def __init__(self, weights: ClapWeights, device: torch.device) -> None:
        self.bank = weights.state[BANK].to(device, copy=True)  # the file may be deleted later
        bare = _bare(weights)
        counted = {k: v for k, v in bare.state_dict().items() if k.endswith(COUNTED)}
        model = filled(bare, renamed(weights.state) | counted, weights.path)
        self.model: Any = model.requires_grad_(False).to(device)

    def embed_tokens(self, tokens: Tokens) -> Float[Tensor, "batch 512"]:
        """Return one unit vector per text."""
        return _pooled(
            self.model.get_text_features(input_ids=tokens.token_ids, attention_mask=tokens.mask)
        )

    def embed_windows(self, windows: ClapWindows) -> Float[Tensor, "batch 512"]:
        """Return one unit vector per sound."""
        return _pooled(self.model.get_audio_features(input_features=log_mel(windows, self.bank)))


def renamed(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return laion-clap's tensors under transformers' names, without those that it does not use."""
    found = {}
    for key, tensor in state.items():
        if UNUSED.search(key):
            continue
        for pattern, replacement in TO_TRANSFORMERS:
            key = re.sub(pattern, replacement, key)
        if ".self.qkv." in key:
            names = (key.replace("qkv", role) for role in SELF_ATTENTION)
            found |= zip(names, tensor.chunk(len(SELF_ATTENTION)), strict=True)
        else:
            found[key] = tensor
    return found


def _bare(weights: ClapWeights) -> nn.Module:
    from transformers import ClapConfig, ClapModel

    text = {
        "vocab_size": weights.n_tokens,
        "num_hidden_layers": weights.n_text_layers,
        "max_position_embeddings": weights.n_positions,
        "layer_norm_eps": LAYER_NORM_EPSILON,
    }
    with torch.random.fork_rng(devices=[]):
        return ClapModel(ClapConfig(text_config=text, audio_config={}))


def _pooled(found: Any) -> Float[Tensor, "batch 512"]:  # a tensor before transformers 5
    return nn.functional.normalize(getattr(found, "pooler_output", found), dim=-1)

"""CLAP's files in the published layout, with random weights, a short text net and few tokens."""

import json
from collections import OrderedDict
from pathlib import Path

import numpy as np
import torch
from torch import nn

from syncfusion.places import CLAP_WEIGHTS
from syncfusion.prompt.clap.laion import bare_model
from syncfusion.prompt.clap.weights import NUMBERS
from syncfusion.timing import seeded

N_POSITIONS, N_TEXT_LAYERS = 514, 2  # 12 layers in the published file
MERGES = ("h i", "hi t", "m e", "t a", "me ta", "meta l", "Ġ hit")
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
FIXED = ("spectrogram_extractor", "logmel_extractor", "logit_scale", "attn_mask")


def write_tokenizer(folder: Path) -> int:
    """Write ``vocab.json`` and ``merges.txt`` of a small byte-level BPE; returns its tokens."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters = [chr(byte) for byte in printable]
    letters += [chr(256 + i) for i in range(256 - len(printable))]
    merged = [merge.replace(" ", "") for merge in MERGES]
    tokens = [*SPECIAL, *letters, *merged, "<mask>"]
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = {token: i for i, token in enumerate(tokens)}
    (folder / "vocab.json").write_text(json.dumps(vocabulary))
    (folder / "merges.txt").write_text("\n".join(("#version: 0.2", *MERGES, "")))
    return len(tokens)


def make_state(n_tokens: int) -> dict[str, torch.Tensor]:
    """The tensors of laion-clap's model, all of them random that are learnt."""
    model = bare_model(n_tokens, N_POSITIONS, N_TEXT_LAYERS)
    generator = seeded(0)
    state = model.state_dict()
    for name, tensor in state.items():
        if tensor.is_floating_point() and not any(part in name for part in FIXED):
            _randomise(name, tensor, generator)
    return state


def write_checkpoint(path: Path, state: dict[str, torch.Tensor]) -> Path:
    """Write a checkpoint as laion-clap's training does."""
    prefixed = OrderedDict((f"module.{key}", tensor) for key, tensor in state.items())
    prefixed[f"module.{NUMBERS}"] = torch.arange(N_POSITIONS)[None]
    content = {"epoch": np.int64(45), "name": "clap", "best": np.float64(0.9)}
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(content | {"state_dict": prefixed, "optimizer": {"state": {}}}, path)
    return path


def make_clap(folder: Path) -> Path:
    """Write all files of a CLAP into a folder: the checkpoint, and ``roberta-base`` beside it."""
    n_tokens = write_tokenizer(folder / "roberta-base")
    write_checkpoint(folder / CLAP_WEIGHTS.name, make_state(n_tokens))
    return folder


def _randomise(name: str, tensor: torch.Tensor, generator: torch.Generator) -> None:
    if name.endswith("running_var"):
        tensor.uniform_(50, 300, generator=generator)
    elif tensor.ndim < 2:
        centre = 1.0 if "norm" in name.lower() and name.endswith("weight") else 0.0
        tensor.normal_(centre, 0.1, generator=generator)
    else:
        nn.init.normal_(tensor, std=tensor[0].numel() ** -0.5, generator=generator)

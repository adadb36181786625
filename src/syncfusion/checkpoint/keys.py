"""Names of the published checkpoints' tensors, and ours for the same ones; each table a bijection.

audio-diffusion-pytorch numbers the parts of its nested U-Net where ours names their roles; the
onset net keeps the published names, behind the prefix of its Lightning module.
"""

import re
from collections.abc import Mapping

from torch import Tensor

from syncfusion.diffusion import UNetConfig

State = dict[str, Tensor]
PUBLISHED_ONSET = "model."
PUBLISHED_UNET = "model.net."
PUBLISHED_COPIES = ("model.diffusion.net.", "model.sampler.net.")  # of the same tensors
PUBLISHED_ENCODER = "onsets_encoder."
OUR_UNET, OUR_ENCODER = "unet.", "onset_encoder."

_EMBEDDING = {
    "level_embedding.frequencies": "blocks.0.weights",  # a tensor, not a part
    "level_embedding.project": "blocks.0.to_out",
    "level_embedding.hidden.0": "blocks.1.blocks.0.0",
    "level_embedding.hidden.1": "blocks.1.blocks.1.0",
    "null_prompt": "blocks.2.blocks.0.blocks.0.weight",  # a tensor, not a part
}
_OUTER = "blocks.2.blocks.1.net"  # the outermost stage
_ATTENTION = {
    "norm": "blocks.0.block.norm",
    "norm_context": "blocks.0.block.norm_context",
    "to_query": "blocks.0.block.to_q",
    "to_key_value": "blocks.0.block.to_kv",
    "to_out": "blocks.0.block.attention.blocks.0",
}
_ITEM_PARTS = {
    "resnet": {
        f"{kind}.{i}": f"block.blocks.0.blocks.{i}.{place}"
        for i in (0, 1)
        for kind, place in (("norms", 0), ("convs", 2))
    },
    "modulation": {"to_scale_shift": "blocks.0.block.blocks.0.1"},
    "inject": {"conv": "block.blocks.0"},
    "attention": _ATTENTION,
    "prompt": _ATTENTION,
}
_ENCODER_RULES = (
    (r"^to_in\.block\.", "stem."),
    (r"^downsamples\.(\d+)\.downsample\.", r"levels.\1.down."),
    (r"^downsamples\.(\d+)\.", r"levels.\1."),
    (r"(^|\.)block(\d)\.groupnorm\.", r"\1norms.\2."),
    (r"(^|\.)block(\d)\.project\.", r"\1convs.\2."),
    (r"\bto_out\.", "skip."),
)
_PUBLISHED_ENCODER_RULES = (
    (r"^stem\.", "to_in.block."),
    (r"^levels\.(\d+)\.down\.", r"downsamples.\1.downsample."),
    (r"^levels\.", "downsamples."),
    (r"\bskip\.", "to_out."),
)


def unet_parts(config: UNetConfig) -> dict[str, str]:
    """Return our name of every part of the U-Net that holds weights -> its published name."""
    parts, ours, published = dict(_EMBEDDING), "outer", _OUTER
    for stage, n_items in enumerate(config.items):
        place = 0
        parts[f"{ours}.down"] = f"{published}.block.blocks.{place}.block"
        inner = None
        for side in ("down_items", "up_items"):
            for item in range(n_items):
                for role, names in _ITEM_PARTS.items():
                    if role == "attention" and not config.attentions[stage]:
                        continue
                    place += 1
                    for name, numbered in names.items():
                        part = f"{ours}.{side}.{item}.{role}.{name}"
                        parts[part] = f"{published}.block.blocks.{place}.{numbered}"
            if side == "down_items" and stage + 1 < len(config.items):
                place += 1
                inner = f"{published}.block.blocks.{place}"
        parts[f"{ours}.up"] = f"{published}.block.blocks.{place + 1}.block.1"
        parts[f"{ours}.gate"] = f"{published}.skip.blocks.0.1"
        ours, published = f"{ours}.inner", inner or ""
    return parts


def renamed(key: str, parts: dict[str, str]) -> str:
    """Rename the part that a tensor belongs to; a part without a new name is a KeyError.

    Args:
        key: a part's name, or that and the name of one of its tensors.
        parts: the table of ``unet_parts``, or that turned round.

    Returns:
        The new part's name, and the tensor's own.
    """
    part, _, tensor = key.rpartition(".")
    return f"{parts[part]}.{tensor}" if part in parts else parts[key]


def our_encoder_key(key: str) -> str:
    """Return our name of one of the published onset encoder's tensors."""
    for pattern, replacement in _ENCODER_RULES:
        key = re.sub(pattern, replacement, key)
    return re.sub(r"\b(norms|convs)\.(\d)", lambda m: f"{m[1]}.{int(m[2]) - 1}", key)


def published_encoder_key(key: str) -> str:
    """Return the published name of one of our onset encoder's tensors."""
    for pattern, replacement in _PUBLISHED_ENCODER_RULES:
        key = re.sub(pattern, replacement, key)
    return re.sub(
        r"\b(norms|convs)\.(\d)",
        lambda m: f"block{int(m[2]) + 1}.{'groupnorm' if m[1] == 'norms' else 'project'}",
        key,
    )


def diffusion_from_published(state: Mapping[str, Tensor], config: UNetConfig) -> State:
    """Rename the published file's tensors to ours.

    Args:
        state: the Lightning file's; the second and third copy of the net and CLAP are ignored.
        config: shape of the U-Net, which decides the names.

    Returns:
        The state of a ``DiffusionModel`` with the waveform front end.
    """
    ours = {published: part for part, published in unet_parts(config).items()}
    found: State = {}
    for key, tensor in state.items():
        if key.startswith(PUBLISHED_UNET):
            try:
                name = OUR_UNET + renamed(key.removeprefix(PUBLISHED_UNET), ours)
            except KeyError:  # another architecture: filling the model will report it
                name = key
            found[name] = tensor
        elif key.startswith(PUBLISHED_ENCODER):
            found[OUR_ENCODER + our_encoder_key(key.removeprefix(PUBLISHED_ENCODER))] = tensor
    return found


def diffusion_to_published(state: Mapping[str, Tensor], config: UNetConfig) -> State:
    """Rename our tensors to those of the published file, the copies of the net included.

    Args:
        state: of a ``DiffusionModel`` with the waveform front end.
        config: shape of its U-Net.

    Returns:
        The Lightning file's state, without the frozen CLAP.
    """
    parts = unet_parts(config)
    found: State = {}
    for key, tensor in state.items():
        if key.startswith(OUR_UNET):
            name = renamed(key.removeprefix(OUR_UNET), parts)
            found |= {prefix + name: tensor for prefix in (PUBLISHED_UNET, *PUBLISHED_COPIES)}
        else:
            found[PUBLISHED_ENCODER + published_encoder_key(key.removeprefix(OUR_ENCODER))] = tensor
    return found

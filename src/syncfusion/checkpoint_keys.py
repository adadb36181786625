"""Names of the published checkpoints' tensors, and ours for the same ones; each table a bijection.

audio-diffusion-pytorch numbers the parts of its nested U-Net where ours names their roles; the
onset net keeps the published names, behind the prefix of its Lightning module.
"""

import re

from syncfusion.diffusion.unet import UNetConfig

PUBLISHED_UNET = "model.net."  # the same tensors also stand under model.diffusion and model.sampler
PUBLISHED_ENCODER = "onsets_encoder."

_EMBEDDING = {
    "level_embedding.frequencies": "blocks.0.weights",  # a tensor, not a part
    "level_embedding.project": "blocks.0.to_out",
    "level_embedding.hidden.0": "blocks.1.blocks.0.0",
    "level_embedding.hidden.1": "blocks.1.blocks.1.0",
    "null_prompt": "blocks.2.blocks.0.blocks.0.weight",  # a tensor, not a part
}
_OUTER = "blocks.2.blocks.1.net"  # the outermost level
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


def unet_parts(config: UNetConfig) -> dict[str, str]:
    """Return our name of every part of the U-Net that holds weights -> its published name."""
    parts, ours, published = dict(_EMBEDDING), "outer", _OUTER
    for level, n_items in enumerate(config.items):
        place = 0
        parts[f"{ours}.down"] = f"{published}.block.blocks.{place}.block"
        inner = None
        for side in ("down_items", "up_items"):
            for item in range(n_items):
                for role, names in _ITEM_PARTS.items():
                    if role == "attention" and not config.attentions[level]:
                        continue
                    place += 1
                    for name, numbered in names.items():
                        part = f"{ours}.{side}.{item}.{role}.{name}"
                        parts[part] = f"{published}.block.blocks.{place}.{numbered}"
            if side == "down_items" and level + 1 < len(config.items):
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

"""The shape of the U-Net; its defaults are the published sizes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from syncfusion.constants import PROMPT_FEATURES


@dataclass(frozen=True, kw_only=True)
class UNetConfig:
    """Shape of the U-Net, one entry per level from the signal inwards.

    Args:
        in_channels: channels of the signal.
        channels: channels of each level.
        factors: by how much each level shortens the signal.
        items: how many items on each side of each level.
        attentions: 1 where the items hold self-attention.
        context_channels: channels of the onset features of each level.
        heads: heads of every attention.
        head_features: size of a head.
        groups: groups of the group norms.
        level_features: size of the embedded noise level.
        prompt_features: size of a prompt token.
        modulate_prompt: let the prompt scale and shift too, beside the published bias.
        local_gain: let the net scale its input bin by bin, beside adding to it. The layer norms of
            the items hide how loud a frame is, so without it silence cannot be told from noise at
            low levels. Published: no.
    """

    in_channels: int = 1
    channels: Sequence[int] = (8, 32, 64, 128, 256, 512, 1024, 1024)
    factors: Sequence[int] = (1, 4, 4, 4, 2, 2, 2, 2)
    items: Sequence[int] = (1, 2, 2, 2, 2, 2, 2, 4)
    attentions: Sequence[int] = (0, 0, 0, 0, 1, 1, 1, 1)
    context_channels: Sequence[int] = (2, 8, 16, 32, 64, 128, 256, 256)
    heads: int = 8
    head_features: int = 64
    groups: int = 8
    level_features: int = 1024
    prompt_features: int = PROMPT_FEATURES
    modulate_prompt: bool = False
    local_gain: bool = False

    def __post_init__(self) -> None:
        n_levels = len(self.channels)
        for name in ("channels", "factors", "items", "attentions", "context_channels"):
            entries = tuple(getattr(self, name))
            object.__setattr__(self, name, entries)
            if len(entries) != n_levels:
                raise ValueError(f"{len(entries)} {name} for {n_levels} levels; one entry a level")

    @property
    def factor(self) -> int:
        """Frames of the signal per frame of the innermost level."""
        return math.prod(self.factors)

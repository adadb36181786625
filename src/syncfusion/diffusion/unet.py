"""The 1D U-Net: noisy signal, level, onset features and prompt -> velocity.

::

    signal ─ down ─ items ─┐ inner level ┌─ items ─ up ─ (× gate) ─ + ─► out
       └───────────────────┴─────────────┴──────────────────────────┘

Every level nests the next. An item is: resnet block, modulation by the noise level, injection of
the level's onset features, self-attention (deep levels), attention to the prompt. Sizes are those
of the published model; its weights fit through the table in ``checkpoint``.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from syncfusion.constants import PROMPT_FEATURES
from syncfusion.diffusion.layers import (
    Inject,
    LevelEmbedding,
    LevelFeatures,
    Modulation,
    Prompt,
    PromptAttention,
    ResnetBlock,
    SelfAttention,
    Signal,
)

OnsetFeatures = Sequence[Float[Tensor, "batch _channel _frame"]]  # each level has its own size


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


class ItemConditions(NamedTuple):
    """What onsets and prompt decide in one item."""

    share: Signal
    prompt: list[Tensor]


class Conditions(NamedTuple):
    """What onsets and prompt decide in the whole net; the same at every noise level."""

    items: list[list[ItemConditions]]  # per level: those on the way down, then up
    features: LevelFeatures | None  # the prompt's part of the modulation


class Item(nn.Module):
    """One step of refinement; see the module's docstring.

    Args:
        config: shape of the net.
        level: which level the item belongs to.
    """

    def __init__(self, config: UNetConfig, level: int) -> None:
        super().__init__()
        channels, heads = config.channels[level], (config.heads, config.head_features)
        self.resnet = ResnetBlock(channels, config.groups)
        self.modulation = Modulation(channels, config.level_features)
        self.inject = Inject(channels, config.context_channels[level])
        self.attention: SelfAttention | None = None
        if config.attentions[level]:
            self.attention = SelfAttention(channels, *heads)
        self.prompt = PromptAttention(channels, config.prompt_features, *heads)

    def prepare(
        self, onsets: Float[Tensor, "batch context frame"], prompt: Prompt
    ) -> ItemConditions:
        """Compute what onsets and prompt decide."""
        return ItemConditions(self.inject.prepare(onsets), self.prompt.prepare(prompt))

    def forward(
        self, signal: Signal, features: LevelFeatures, conditions: ItemConditions
    ) -> Signal:
        """Refine a signal."""
        signal = self.modulation(self.resnet(signal), features)
        signal = self.inject(signal, conditions.share)
        if self.attention is not None:
            signal = self.attention(signal)
        return self.prompt(signal, conditions.prompt)


class Level(nn.Module):
    """One level of the net and all inside it.

    Args:
        config: shape of the net.
        level: which level this is, 0 for the outermost.
    """

    def __init__(self, config: UNetConfig, level: int = 0) -> None:
        super().__init__()
        outer = config.channels[level - 1] if level else config.in_channels
        channels, factor = config.channels[level], config.factors[level]
        n_items = config.items[level]
        self.factor = factor
        self.down = nn.Conv1d(outer, channels, factor, stride=factor)
        self.down_items = nn.ModuleList(Item(config, level) for _ in range(n_items))
        inside = level + 1 < len(config.channels)
        self.inner: Level | None = Level(config, level + 1) if inside else None
        self.up_items = nn.ModuleList(Item(config, level) for _ in range(n_items))
        self.up = nn.Conv1d(channels, outer, 3, padding=1)
        self.gate = nn.Linear(config.level_features, outer)

    def prepare(self, onsets: OnsetFeatures, prompt: Prompt) -> list[list[ItemConditions]]:
        """Compute what onsets and prompt decide in this level and all inside it."""
        items = cast("list[Item]", [*self.down_items, *self.up_items])
        own = [item.prepare(onsets[0], prompt) for item in items]
        return [own] if self.inner is None else [own, *self.inner.prepare(onsets[1:], prompt)]

    def forward(
        self, signal: Signal, features: LevelFeatures, conditions: list[list[ItemConditions]]
    ) -> Signal:
        """Return the signal with what this level adds to it."""
        own = iter(conditions[0])
        hidden = self.down(signal)
        for item in self.down_items:
            hidden = item(hidden, features, next(own))
        if self.inner is not None:
            hidden = self.inner(hidden, features, conditions[1:])
        for item in self.up_items:
            hidden = item(hidden, features, next(own))
        hidden = self.up(hidden.repeat_interleave(self.factor, dim=2))
        return signal + self.gate(functional.silu(features))[..., None] * hidden


class UNet(nn.Module):
    """The net of the published model, with the prompt and onset work done once per clip.

    Args:
        config: its shape.
    """

    def __init__(self, config: UNetConfig) -> None:
        super().__init__()
        self.config = config
        self.level_embedding = LevelEmbedding(config.level_features)
        self.null_prompt = nn.Parameter(torch.randn(1, config.prompt_features))
        self.prompt_features = (
            nn.Linear(config.prompt_features, config.level_features)
            if config.modulate_prompt
            else None
        )
        self.outer = Level(config)

    def prepare(self, onsets: OnsetFeatures, prompt: Prompt) -> Conditions:
        """Compute what does not change over sampling steps.

        Args:
            onsets: the onset encoder's features, one per level (batch, channel, frame).
            prompt: prompt tokens (batch, token, feature); usually one.

        Returns:
            What ``forward`` wants at every noise level.
        """
        features = None
        if self.prompt_features is not None:
            normed = functional.layer_norm(prompt.mean(dim=1), prompt.shape[2:])
            features = self.prompt_features(normed)
        return Conditions(self.outer.prepare(onsets, prompt), features)

    def null(self, batch: int) -> Prompt:
        """Return the learned prompt that stands for none (batch, 1, feature)."""
        return self.null_prompt.expand(batch, 1, -1)

    def forward(
        self, signal: Signal, level: Float[Tensor, " batch"], conditions: Conditions
    ) -> Signal:
        """Return the velocity of a noisy signal whose length is a multiple of the net's factor."""
        features = self.level_embedding(level)
        if conditions.features is not None:
            features = features + conditions.features
        return self.outer(signal, features, conditions.items)

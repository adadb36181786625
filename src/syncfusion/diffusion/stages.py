"""The U-Net's levels, each of which nests the next, and the items that they are made of.

::

    signal ─ down ─ items ─┐ inner level ┌─ items ─ up ─ (× gate) ─ + ─► out
       └───────────────────┴─────────────┴──────────────────────────┘

An item is: resnet block, modulation by the noise level, injection of the level's onset features,
self-attention (deep levels), attention to the prompt.
"""

from typing import NamedTuple, cast

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.checkpoint import checkpoint

from syncfusion.diffusion.cpu import convolved, upsampled
from syncfusion.diffusion.layers import (
    Inject,
    Injection,
    LevelFeatures,
    Modulation,
    PromptAttention,
    ResnetBlock,
    SelfAttention,
    Signal,
)
from syncfusion.diffusion.unet_config import UNetConfig


class ItemConditions(NamedTuple):
    """What onsets and prompt decide in one item."""

    injection: Injection
    prompt: list[Tensor]


class Item(nn.Module):
    """One step of refinement; see the module's docstring.

    Args:
        config: shape of the net.
        stage: which stage the item belongs to.
    """

    def __init__(self, config: UNetConfig, stage: int) -> None:
        super().__init__()
        channels, heads = config.channels[stage], (config.heads, config.head_features)
        self.resnet = ResnetBlock(channels, config.groups)
        self.modulation = Modulation(channels, config.level_features)
        self.inject = Inject(channels, config.context_channels[stage])
        self.attention: SelfAttention | None = None
        if config.attentions[stage]:
            self.attention = SelfAttention(channels, *heads)
        self.prompt = PromptAttention(channels, config.prompt_features, *heads)

    def forward(
        self, signal: Signal, features: LevelFeatures, conditions: ItemConditions
    ) -> Signal:
        """Refine a signal."""
        signal = self.modulation(self.resnet(signal), features)
        signal = self.inject(signal, conditions.injection)
        if self.attention is not None:
            signal = self.attention(signal)
        return self.prompt(signal, conditions.prompt)


class Stage(nn.Module):
    """One level of the net and all inside it.

    Args:
        config: shape of the net.
        stage: which stage this is, 0 for the outermost.
    """

    def __init__(self, config: UNetConfig, stage: int = 0) -> None:
        super().__init__()
        outer = config.channels[stage - 1] if stage else config.in_channels
        channels, factor = config.channels[stage], config.factors[stage]
        n_items = config.items[stage]
        self.factor = factor
        self.checkpointed = False
        self.down = nn.Conv1d(outer, channels, factor, stride=factor)
        self.down_items = nn.ModuleList(Item(config, stage) for _ in range(n_items))
        inside = stage + 1 < len(config.channels)
        self.inner: Stage | None = Stage(config, stage + 1) if inside else None
        self.up_items = nn.ModuleList(Item(config, stage) for _ in range(n_items))
        self.up = nn.Conv1d(channels, outer, 3, padding=1)
        self.gate = nn.Linear(config.level_features, outer)
        self.gain: nn.Conv1d | None = None
        if config.local_gain and stage == 0:
            self.gain = nn.Conv1d(channels, outer, 3, padding=1)
            for parameter in self.gain.parameters():
                nn.init.zeros_(parameter)

    @property
    def items(self) -> list[Item]:
        """Its own items, down, then up."""
        return cast("list[Item]", [*self.down_items, *self.up_items])

    def forward(
        self,
        signal: Signal,
        features: LevelFeatures,
        conditions: list[list[ItemConditions]],
        gain_range: Float[Tensor, "batch 1 1"] | float = 1.0,
    ) -> Signal:
        """Return the signal, scaled where there is a gain, with what this level adds to it."""
        own, turn = conditions[0], len(self.down_items)
        hidden = convolved(signal, self.down)
        hidden = self._refined(hidden, features, self.items[:turn], own[:turn])
        if self.inner is not None:
            hidden = self.inner(hidden, features, conditions[1:])
        hidden = self._refined(hidden, features, self.items[turn:], own[turn:])
        gate = self.gate(functional.silu(features))[..., None]
        if self.gain is not None:
            signal = signal * (1 + gain_range * upsampled(hidden, self.gain, self.factor))
        return torch.addcmul(signal, gate, upsampled(hidden, self.up, self.factor))

    def _refined(
        self,
        signal: Signal,
        features: LevelFeatures,
        items: list[Item],
        conditions: list[ItemConditions],
    ) -> Signal:
        for item, told in zip(items, conditions, strict=True):
            if self.checkpointed and torch.is_grad_enabled():
                signal = cast(Tensor, checkpoint(item, signal, features, told, use_reentrant=False))
            else:
                signal = item(signal, features, told)
        return signal

"""The U-Net's stages, each of which contains the next, and the items inside them.

::

    signal ─ down ─ items ─┐ inner stage ┌─ items ─ up ─ (× gate) ─ + ─► out
       └───────────────────┴─────────────┴──────────────────────────┘

An item is a ResNet block, an AdaLN by the noise level, the injection of the stage's onset features,
self-attention (in deep stages), and attention to the prompt.
"""

from typing import NamedTuple, cast

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.checkpoint import checkpoint

from syncfusion.diffusion.config import UNetConfig
from syncfusion.diffusion.cpu import convolved, upsampled
from syncfusion.diffusion.layers import (
    AdaLN,
    Inject,
    Injection,
    PromptAttention,
    ResnetBlock,
    SelfAttention,
)
from syncfusion.diffusion.types import LevelFeatures, Signal


class ItemConditions(NamedTuple):
    """The part of onsets and prompt in one item, prepared once per clip."""

    injection: Injection
    prompt: list[Tensor]


class Item(nn.Module):
    """One step of refinement; see the module's docstring.

    Args:
        config: shape of the net.
        stage: index of the stage the item belongs to.
    """

    def __init__(self, config: UNetConfig, stage: int) -> None:
        super().__init__()
        channels, heads = config.channels[stage], (config.heads, config.head_features)
        self.resnet = ResnetBlock(channels, config.groups)
        self.modulation = AdaLN(channels, config.level_features)
        self.inject = Inject(channels, config.context_channels[stage])
        self.attention: SelfAttention | None = None
        if config.attentions[stage]:
            self.attention = SelfAttention(channels, *heads)
        self.prompt = PromptAttention(channels, config.prompt_features, *heads)
        self.prompt.freeze_queries()  # training sees prompts of one token only

    def forward(
        self, signal: Signal, features: LevelFeatures, conditions: ItemConditions
    ) -> Signal:
        """Return the refined signal, of the same shape."""
        signal = self.modulation(self.resnet(signal), features)
        signal = self.inject(signal, conditions.injection)
        if self.attention is not None:
            signal = self.attention(signal)
        return self.prompt(signal, conditions.prompt)


class Stage(nn.Module):
    """One stage of the net and all stages inside it.

    Args:
        config: shape of the net.
        stage: index of this stage, 0 for the outermost.
    """

    def __init__(self, config: UNetConfig, stage: int = 0) -> None:
        super().__init__()
        outer = config.channels[stage - 1] if stage else config.in_channels
        channels, factor = config.channels[stage], config.factors[stage]
        n_items = config.items[stage]
        self.factor = factor
        self.checkpointed = False  # whether activations are recomputed in the backward pass
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
        """The items of this stage alone: first those on the way down, then those on the way up."""
        return cast("list[Item]", [*self.down_items, *self.up_items])

    def forward(
        self,
        signal: Signal,
        features: LevelFeatures,
        conditions: list[list[ItemConditions]],
        gain_range: Float[Tensor, "batch 1 1"] | float = 1.0,
    ) -> Signal:
        """Return the signal plus this stage's gated output; a local gain scales the signal first.

        Args:
            signal: output of the stage outside, or the noisy signal.
            features: embedded noise level.
            conditions: per stage from this one inwards, one entry per item.
            gain_range: factor of the local gain, per example or for all.

        Returns:
            A signal of the same shape.
        """
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
        for item, own in zip(items, conditions, strict=True):
            if self.checkpointed and torch.is_grad_enabled():
                signal = cast(Tensor, checkpoint(item, signal, features, own, use_reentrant=False))
            else:
                signal = item(signal, features, own)
        return signal

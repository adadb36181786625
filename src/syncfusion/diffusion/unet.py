"""The 1D U-Net: noisy signal, level, onset features and prompt -> velocity.

Its weights are those of the published model, whose names fit through the table in
``checkpoint_keys``; what onsets and prompt decide is computed once per clip.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from syncfusion.diffusion.cpu import lay_out, side_by_side
from syncfusion.diffusion.layers import Injection, LevelEmbedding, LevelFeatures, Prompt, Signal
from syncfusion.diffusion.stages import ItemConditions, Stage
from syncfusion.diffusion.unet_config import UNetConfig

OnsetFeatures = Sequence[Float[Tensor, "batch _channel _frame"]]  # each level has its own size


class PromptConditions(NamedTuple):
    """What the prompt decides in the whole net."""

    items: list[list[list[Tensor]]]  # per level: those on the way down, then up
    features: LevelFeatures | None  # its part of the modulation


class Conditions(NamedTuple):
    """What onsets and prompt decide in the whole net; the same at every noise level."""

    onsets: list[list[Injection]]  # per level: those on the way down, then up
    prompt: PromptConditions


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
        self.outer = Stage(config)
        lay_out(self)

    @property
    def stages(self) -> list[Stage]:
        """All stages, from the outermost inwards."""
        stages = [self.outer]
        while (inner := stages[-1].inner) is not None:
            stages.append(inner)
        return stages

    def checkpoint_activations(self, n_stages: int) -> None:
        """Save memory in training: keep no activations of the items of the outermost levels.

        They are computed a second time for the gradient. Not part of the weights.
        """
        for depth, stage in enumerate(self.stages):
            stage.checkpointed = depth < n_stages

    def prepare(self, onsets: OnsetFeatures, prompt: Prompt) -> Conditions:
        """Compute what does not change over sampling steps.

        Args:
            onsets: the onset encoder's features, one per level (batch, channel, frame).
            prompt: prompt tokens (batch, token, feature); usually one.

        Returns:
            What ``forward`` wants at every noise level.
        """
        return Conditions(self.prepare_onsets(onsets), self.prepare_prompt(prompt))

    def prepare_onsets(self, onsets: OnsetFeatures) -> list[list[Injection]]:
        """Compute the onsets' part of ``prepare``; it holds for any prompt."""
        return [
            [item.inject.prepare(features) for item in stage.items]
            for stage, features in zip(self.stages, onsets, strict=True)
        ]

    def prepare_prompt(self, prompt: Prompt) -> PromptConditions:
        """Compute the prompt's part of ``prepare``; it holds for any onsets."""
        features = None
        if self.prompt_features is not None:
            normed = functional.layer_norm(prompt.mean(dim=1), prompt.shape[2:])
            features = self.prompt_features(normed)
        items = [[item.prompt.prepare(prompt) for item in stage.items] for stage in self.stages]
        return PromptConditions(items, features)

    def null(self, batch: int) -> Prompt:
        """Return the learned prompt that stands for none (batch, 1, feature)."""
        return self.null_prompt.expand(batch, 1, -1)

    def forward(
        self, signal: Signal, level: Float[Tensor, " batch"], conditions: Conditions
    ) -> Signal:
        """Return the velocity of a noisy signal whose length is a multiple of the net's factor."""
        features = self.level_embedding(level)
        if conditions.prompt.features is not None:
            features = features + conditions.prompt.features
        items = [
            [ItemConditions(*told) for told in zip(onsets, prompts, strict=True)]
            for onsets, prompts in zip(conditions.onsets, conditions.prompt.items, strict=True)
        ]
        return self.outer(side_by_side(signal), features, items, _gain_range(level))


def _gain_range(level: Float[Tensor, " batch"]) -> Float[Tensor, "batch 1 1"]:
    """Return how far a gain has to reach: the velocity of silence is cot(πt/2) times its noise."""
    angle = level * (math.pi / 2)
    # not of the tangent: in float32 that of level 1 is negative
    return (angle.cos() / angle.sin()).clamp(min=1.0, max=10.0)[:, None, None]

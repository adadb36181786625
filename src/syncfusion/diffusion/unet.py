"""The 1D U-Net: noisy signal, noise level, onset features and prompt -> velocity.

Its weights are the published model's; ``checkpoint.keys`` translates their names. The part of the
computation that depends on onsets and prompt alone is done once per clip.
"""

import math
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from syncfusion.diffusion.config import UNetConfig
from syncfusion.diffusion.cpu import channels_last, make_channels_last
from syncfusion.diffusion.layers import Injection, LevelEmbedding
from syncfusion.diffusion.stages import ItemConditions, Stage
from syncfusion.diffusion.types import (
    LevelFeatures,
    NoiseLevel,
    OnsetFeatures,
    PromptEmbedding,
    Signal,
)


class PromptConditions(NamedTuple):
    """The part of the prompt in the whole net."""

    items: list[list[list[Tensor]]]  # per stage, one entry per item: down, then up
    features: LevelFeatures | None  # added to the embedded noise level


class Conditions(NamedTuple):
    """The part of onsets and prompt in the whole net; the same at every noise level."""

    onsets: list[list[Injection]]  # per stage, one entry per item: down, then up
    prompt: PromptConditions


class UNet(nn.Module):
    """The published model's net, with the work on prompt and onsets done once per clip.

    Args:
        config: its shape.
    """

    def __init__(self, config: UNetConfig) -> None:
        super().__init__()
        self.config = config
        self.level_embedding = LevelEmbedding(config.level_features)
        self.null_prompt = nn.Parameter(torch.randn(1, config.prompt_features, device="cpu"))
        self.prompt_features = (
            nn.Linear(config.prompt_features, config.level_features)
            if config.modulate_prompt
            else None
        )
        self.outer = Stage(config)
        make_channels_last(self)

    @property
    def stages(self) -> list[Stage]:
        """All stages, from the outermost inwards."""
        stages = [self.outer]
        while (inner := stages[-1].inner) is not None:
            stages.append(inner)
        return stages

    def checkpoint_activations(self, n_stages: int) -> None:
        """Recompute the activations of the outermost stages' items in the backward pass.

        This saves memory in training and costs a second forward pass of these items. It is not
        part of the weights.

        Args:
            n_stages: number of stages, 0 for none.
        """
        for depth, stage in enumerate(self.stages):
            stage.checkpointed = depth < n_stages

    def prepare(self, onsets: OnsetFeatures, prompt: PromptEmbedding) -> Conditions:
        """Compute the part of the net that does not depend on signal and noise level.

        Args:
            onsets: the onset encoder's features, one map per stage.
            prompt: prompt tokens; usually one.

        Returns:
            The conditions that ``forward`` takes at every noise level.
        """
        return Conditions(self.prepare_onsets(onsets), self.prepare_prompt(prompt))

    def prepare_onsets(self, onsets: OnsetFeatures) -> list[list[Injection]]:
        """Compute the onsets' part of ``prepare``, which is the same for any prompt."""
        return [
            [item.inject.prepare(features) for item in stage.items]
            for stage, features in zip(self.stages, onsets, strict=True)
        ]

    def prepare_prompt(self, prompt: PromptEmbedding) -> PromptConditions:
        """Compute the prompt's part of ``prepare``, which is the same for any onsets."""
        features = None
        if self.prompt_features is not None:
            normed = functional.layer_norm(prompt.mean(dim=1), prompt.shape[2:])
            features = self.prompt_features(normed)
        items = [[item.prompt.prepare(prompt) for item in stage.items] for stage in self.stages]
        return PromptConditions(items, features)

    def null(self, batch: int) -> PromptEmbedding:
        """Return the learned null prompt, one token for each example."""
        return self.null_prompt.expand(batch, 1, -1)

    def forward(self, signal: Signal, level: NoiseLevel, conditions: Conditions) -> Signal:
        """Return the velocity of a noisy signal whose length is a multiple of the net's factor."""
        features = self.level_embedding(level)
        if conditions.prompt.features is not None:
            features = features + conditions.prompt.features
        items = [
            [ItemConditions(*parts) for parts in zip(onsets, prompts, strict=True)]
            for onsets, prompts in zip(conditions.onsets, conditions.prompt.items, strict=True)
        ]
        return self.outer(channels_last(signal), features, items, _gain_range(level))


def _gain_range(level: NoiseLevel) -> Float[Tensor, "batch 1 1"]:
    """Return the range a local gain needs: the velocity of silence is cot(πt/2) times its noise."""
    angle = level * (math.pi / 2)
    # not 1 / tan: in float32 the tangent at level 1 is negative
    return (angle.cos() / angle.sin()).clamp(min=1.0, max=10.0)[:, None, None]

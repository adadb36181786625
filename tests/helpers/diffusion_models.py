"""Tiny diffusion models and batches, for the tests of stage 2."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import torch

from syncfusion.diffusion.batch import DiffusionBatch
from syncfusion.diffusion.model import DiffusionConfig, DiffusionModel
from syncfusion.diffusion.onset_encoder import OnsetEncoderConfig
from syncfusion.diffusion.unet import UNetConfig
from syncfusion.timing import seeded

UNET = UNetConfig(
    channels=(8, 16, 16),
    factors=(1, 4, 4),
    items=(1, 2, 1),
    attentions=(0, 1, 1),
    context_channels=(2, 4, 4),
    heads=2,
    head_features=4,
    level_features=32,
    prompt_features=8,
)
ENCODER = OnsetEncoderConfig(channels=(2, 4, 4), factors=(1, 4, 4))
WAVEFORM = DiffusionConfig(clip_samples=2**10, unet=UNET, onset_encoder=ENCODER)
MDCT = DiffusionConfig(
    front_end="mdct",
    hop=8,
    traces=(2, 4),
    clip_samples=2**10,
    unet=replace(UNET, in_channels=8, modulate_prompt=True),
    onset_encoder=replace(ENCODER, in_channels=4),
)


@contextmanager
def seeded_weights(seed: int = 0) -> Iterator[None]:
    """Let modules that are built inside start from the same weights every time."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        yield


def build(config: DiffusionConfig, seed: int = 0) -> DiffusionModel:
    """Make a model whose every tensor is random, norms and biases too."""
    with seeded_weights(seed):
        model = DiffusionModel(config).eval()
    randomise(model, seed)
    return model


def randomise(module: torch.nn.Module, seed: int = 0) -> None:
    """Move every parameter by noise, so that no bias is 0 and no norm is the identity."""
    generator = seeded(seed)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.add_(0.1 * torch.randn(parameter.shape, generator=generator))


def draw_batch(n_samples: int = 2**10, size: int = 2, seed: int = 0) -> DiffusionBatch:
    """Make clips of noise bursts, three onsets each."""
    generator = seeded(seed)
    impulses = torch.zeros(size, 1, n_samples)
    impulses[..., [10, n_samples // 3, n_samples // 2]] = 1.0
    waveform = 0.1 * torch.randn(impulses.shape, generator=generator)
    return DiffusionBatch(waveform, impulses, torch.randn(size, 1, 8, generator=generator))


def published_net(unet: UNetConfig, *, tokens: int = 1) -> Any:
    """audio-diffusion-pytorch's model of the same sizes; skips the test without the package."""
    package = pytest.importorskip("audio_diffusion_pytorch")
    return package.DiffusionModel(
        net_t=package.UNetV0,
        in_channels=1,
        channels=unet.channels,
        factors=unet.factors,
        items=unet.items,
        attentions=unet.attentions,
        cross_attentions=[1] * len(unet.channels),
        context_channels=unet.context_channels,
        attention_heads=unet.heads,
        attention_features=unet.head_features,
        embedding_features=unet.prompt_features,
        embedding_max_length=tokens,
        modulation_features=unet.level_features,
        resnet_groups=unet.groups,
        use_embedding_cfg=True,
        diffusion_t=package.VDiffusion,
        sampler_t=package.VSampler,
    )


def published_encoder(encoder: OnsetEncoderConfig) -> Any:
    """audio-encoders-pytorch's encoder of the sizes of ``ENCODER``."""
    package = pytest.importorskip("audio_encoders_pytorch")
    return package.Encoder1d(
        in_channels=1,
        channels=2,
        multipliers=[1, 1, 2, 2],
        factors=list(encoder.factors),
        num_blocks=[encoder.blocks] * len(encoder.factors),
        resnet_groups=encoder.groups,
    )

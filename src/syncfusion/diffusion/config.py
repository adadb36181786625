"""Shapes of the diffusion model's parts; the defaults are the published model's."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from syncfusion.constants import CLIP_SAMPLES, PROMPT_FEATURES
from syncfusion.diffusion.onset_encoder import OnsetEncoderConfig


@dataclass(frozen=True, kw_only=True)
class UNetConfig:
    """Shape of the U-Net, one entry per stage from the signal inwards.

    Args:
        in_channels: channels of the signal.
        channels: channels of each stage.
        factors: downsampling factor of each stage.
        items: number of items on each side of each stage.
        attentions: 1 where a stage's items have self-attention, else 0.
        context_channels: channels of the onset features of each stage.
        heads: heads of every attention.
        head_features: size of a head.
        groups: groups of the group norms.
        level_features: size of the embedded noise level.
        prompt_features: size of a prompt token.
        modulate_prompt: whether the prompt also enters the AdaLN, beside the published bias.
        local_gain: whether the net also predicts a gain for each channel and frame of its input.
            The items' layer norms remove a frame's loudness, so that without the gain the net
            cannot distinguish silence from noise at low noise levels. Published: no.
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
        n_stages = len(self.channels)
        for name in ("channels", "factors", "items", "attentions", "context_channels"):
            entries = tuple(getattr(self, name))
            object.__setattr__(self, name, entries)
            if len(entries) != n_stages:
                raise ValueError(
                    f"{len(entries)} {name} for {n_stages} stages; give one entry per stage"
                )

    @property
    def factor(self) -> int:
        """Frames of the signal per frame of the innermost stage."""
        return math.prod(self.factors)


@dataclass(frozen=True, kw_only=True)
class DiffusionConfig:
    """Shape of the whole diffusion model.

    Args:
        front_end: transform between waveform and signal, see ``frontend``.
        hop: samples per MDCT frame.
        traces: time constants of the onset traces, in MDCT frames.
        floor: companded MDCT coefficients are shrunk by this much when decoded.
        clip_samples: samples rendered at once, at 48 kHz.
        unet: shape of the U-Net.
        onset_encoder: shape of the onset encoder.
    """

    front_end: Literal["waveform", "mdct"] = "waveform"
    hop: int = 256
    traces: Sequence[int] = (2, 8, 30, 120)
    floor: float = 0.0
    clip_samples: int = CLIP_SAMPLES
    unet: UNetConfig = field(default_factory=UNetConfig)
    onset_encoder: OnsetEncoderConfig = field(default_factory=OnsetEncoderConfig)

    def __post_init__(self) -> None:
        object.__setattr__(self, "traces", tuple(self.traces))
        if tuple(self.unet.context_channels) != tuple(self.onset_encoder.channels):
            raise ValueError(
                f"the U-Net expects onset features of {self.unet.context_channels} channels, "
                f"the onset encoder gives {self.onset_encoder.channels}"
            )

"""The onset encoder: an onset signal -> one feature map per stage of the U-Net (paper §3.2)."""

from collections.abc import Sequence
from dataclasses import dataclass

from torch import nn
from torch.nn import functional

from syncfusion.diffusion.types import FeatureMap


@dataclass(frozen=True, kw_only=True)
class OnsetEncoderConfig:
    """Shape of the encoder, one entry per stage, with the U-Net's factors and context channels.

    Args:
        in_channels: channels of the onset signal.
        stem_channels: channels before the first stage.
        channels: channels of each stage's features.
        factors: downsampling factor of each stage.
        blocks: residual blocks per stage.
        groups: groups of the group norms inside the stages.
    """

    in_channels: int = 1
    stem_channels: int = 2
    channels: Sequence[int] = (2, 8, 16, 32, 64, 128, 256, 256)
    factors: Sequence[int] = (1, 4, 4, 4, 2, 2, 2, 2)
    blocks: int = 2
    groups: int = 2

    def __post_init__(self) -> None:
        for name in ("channels", "factors"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        if len(self.channels) != len(self.factors):
            raise ValueError(f"{len(self.factors)} factors for {len(self.channels)} stages")


class EncoderBlock(nn.Module):
    """Group norm, SiLU and convolution over three frames, twice; then the residual connection.

    Args:
        in_channels: channels in.
        out_channels: channels out; where they differ, a convolution projects the residual.
        groups: groups of both norms.
    """

    def __init__(self, in_channels: int, out_channels: int, groups: int) -> None:
        super().__init__()
        sizes = (in_channels, out_channels)
        self.norms = nn.ModuleList(nn.GroupNorm(groups, size) for size in sizes)
        self.convs = nn.ModuleList(nn.Conv1d(size, out_channels, 3, padding=1) for size in sizes)
        same = in_channels == out_channels
        self.skip = nn.Identity() if same else nn.Conv1d(in_channels, out_channels, 1)

    def forward(self, signal: FeatureMap) -> FeatureMap:
        """Return the block's output, of the same length."""
        hidden = signal
        for norm, conv in zip(self.norms, self.convs, strict=True):
            hidden = conv(functional.silu(norm(hidden)))
        return hidden + self.skip(signal)


class EncoderStage(nn.Module):
    """A strided convolution, then residual blocks.

    Args:
        in_channels: channels of the stage outside.
        channels: channels of this stage.
        factor: downsampling factor.
        config: shape of the encoder.
    """

    def __init__(
        self, in_channels: int, channels: int, factor: int, config: OnsetEncoderConfig
    ) -> None:
        super().__init__()
        self.down = nn.Conv1d(in_channels, channels, 2 * factor + 1, stride=factor, padding=factor)
        blocks = (EncoderBlock(channels, channels, config.groups) for _ in range(config.blocks))
        self.blocks = nn.Sequential(*blocks)

    def forward(self, signal: FeatureMap) -> FeatureMap:
        """Return this stage's features."""
        return self.blocks(self.down(signal))


class OnsetEncoder(nn.Module):
    """A stem and stages; each stage's output conditions the U-Net's stage of the same depth.

    Args:
        config: its shape.
    """

    def __init__(self, config: OnsetEncoderConfig) -> None:
        super().__init__()
        self.stem = EncoderBlock(config.in_channels, config.stem_channels, 1)
        outer = (config.stem_channels, *config.channels)
        self.levels = nn.ModuleList(  # the stages: checkpoints hold them under this name
            EncoderStage(outer[i], outer[i + 1], factor, config)
            for i, factor in enumerate(config.factors)
        )

    def forward(self, onsets: FeatureMap) -> list[FeatureMap]:
        """Encode an onset signal whose length is a multiple of the product of all factors."""
        features = [self.stem(onsets)]
        for stage in self.levels:
            features.append(stage(features[-1]))
        return features[1:]

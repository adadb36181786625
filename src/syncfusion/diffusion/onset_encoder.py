"""The onset encoder: an onset signal -> one feature map per level of the U-Net (paper §3.2)."""

from collections.abc import Sequence
from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

Features = Float[Tensor, "batch _channel _frame"]  # of any level: each has its own size


@dataclass(frozen=True, kw_only=True)
class OnsetEncoderConfig:
    """Shape of the encoder, one entry per level; the U-Net's factors and context channels.

    Args:
        in_channels: channels of the onset signal.
        stem_channels: channels before the first level.
        channels: channels of each level's features.
        factors: by how much each level shortens the signal.
        blocks: residual blocks per level.
        groups: groups of the group norms inside the levels.
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
            raise ValueError(f"{len(self.factors)} factors for {len(self.channels)} levels")


class ResidualBlock(nn.Module):
    """Two times norm, SiLU, convolution over three frames; added to the input.

    Args:
        in_channels: channels in.
        out_channels: channels out.
        groups: groups of the first norm, and of the second where it divides.
    """

    def __init__(self, in_channels: int, out_channels: int, groups: int) -> None:
        super().__init__()
        sizes = (in_channels, out_channels)
        self.norms = nn.ModuleList(nn.GroupNorm(groups, size) for size in sizes)
        self.convs = nn.ModuleList(nn.Conv1d(size, out_channels, 3, padding=1) for size in sizes)
        same = in_channels == out_channels
        self.skip = nn.Identity() if same else nn.Conv1d(in_channels, out_channels, 1)

    def forward(self, signal: Features) -> Features:
        """Refine a signal."""
        hidden = signal
        for norm, conv in zip(self.norms, self.convs, strict=True):
            hidden = conv(functional.silu(norm(hidden)))
        return hidden + self.skip(signal)


class EncoderLevel(nn.Module):
    """Shorten, then refine.

    Args:
        in_channels: channels of the level outside.
        channels: channels of this one.
        factor: by how much the signal gets shorter.
        config: shape of the encoder.
    """

    def __init__(
        self, in_channels: int, channels: int, factor: int, config: OnsetEncoderConfig
    ) -> None:
        super().__init__()
        self.down = nn.Conv1d(in_channels, channels, 2 * factor + 1, stride=factor, padding=factor)
        blocks = (ResidualBlock(channels, channels, config.groups) for _ in range(config.blocks))
        self.blocks = nn.Sequential(*blocks)

    def forward(self, signal: Features) -> Features:
        """Return this level's features."""
        return self.blocks(self.down(signal))


class OnsetEncoder(nn.Module):
    """Stem and levels; each level's output conditions the U-Net's level of the same depth.

    Args:
        config: its shape.
    """

    def __init__(self, config: OnsetEncoderConfig) -> None:
        super().__init__()
        self.stem = ResidualBlock(config.in_channels, config.stem_channels, 1)
        outer = (config.stem_channels, *config.channels)
        self.levels = nn.ModuleList(
            EncoderLevel(outer[i], outer[i + 1], factor, config)
            for i, factor in enumerate(config.factors)
        )

    def forward(self, onsets: Features) -> list[Features]:
        """Encode an onset signal whose length is a multiple of all factors together."""
        features = [self.stem(onsets)]
        for level in self.levels:
            features.append(level(features[-1]))
        return features[1:]

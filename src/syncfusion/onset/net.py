"""The onset net: R(2+1)D-18 with every stride in time 1 (paper §3.1)."""

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn

from syncfusion.errors import InputError
from syncfusion.onset.blocks import ResidualBlock, TimeConv, initialise
from syncfusion.onset.norm import BatchNorm
from syncfusion.onset.pretrained import fill_from_kinetics

STEM_MIDDLE = 45 / 64  # channels inside the stem per channel of width; torchvision's ratio

DIFFERENCE_GAIN = 3.0  # gives differences about the spread of pictures; measured on real clips


@dataclass(frozen=True, kw_only=True)
class OnsetNetConfig:
    """Shape of the onset net; the defaults are the published one (31.4 M parameters).

    Args:
        width: channels of the first layer; each later layer doubles them.
        hidden: channels between the trunk and the output.
        head: "linear" sees one frame of features (published); "temporal" sees two more either way.
        difference: whether the input also holds the change since the previous frame, as three more
            channels.
        round_to: the channels inside a factored convolution are rounded down to a multiple of this;
            16 suits the vector units of CPUs, 1 is published.

    Raises:
        ValueError: if a size is too small to build a layer.
    """

    width: int = 64
    hidden: int = 128
    head: Literal["linear", "temporal"] = "linear"
    difference: bool = False
    round_to: int = 1

    def __post_init__(self) -> None:
        if self.width < 2 or self.hidden < 1 or self.round_to < 1:
            raise ValueError(
                f"width {self.width}, hidden {self.hidden} and round_to {self.round_to} must be "
                "at least 2, 1 and 1"
            )

    def check_pretrainable(self) -> None:
        """Raise InputError unless the trunk has the sizes of torchvision's R(2+1)D-18."""
        if (self.width, self.difference, self.round_to) != (64, False, 1):
            raise InputError(
                f"pretrained weights do not fit a net of width {self.width}, difference "
                f"{self.difference} and round_to {self.round_to}; set these to 64, false and 1, "
                "or pretrained to false"
            )


class VideoOnsetNet(nn.Module):
    """Maps frames to one onset logit per frame.

    The names of the parts are those of the published checkpoint: ``net.model.stem``,
    ``net.model.layer1`` to ``layer4``, ``fc``.

    Args:
        config: shape of the net; None for the published one.
        pretrained: torchvision's Kinetics-400 weights to start from: their file, or True to let
            torchvision download them; False for random weights.

    Raises:
        InputError: if the pretrained weights have another shape or cannot be read.
    """

    def __init__(
        self, config: OnsetNetConfig | None = None, *, pretrained: bool | str | Path = False
    ) -> None:
        super().__init__()
        self.config = config or OnsetNetConfig()
        self.net = nn.Sequential(OrderedDict(model=_trunk(self.config)))
        self.fc = _head(self.config)
        if pretrained:
            self.config.check_pretrainable()
            file = None if pretrained is True else pretrained
            fill_from_kinetics(self.net.get_submodule("model"), file)

    def forward(
        self, frames: Float[Tensor, "batch 3 frame height width"]
    ) -> Float[Tensor, "batch frame"]:
        """Return a logit per frame.

        Args:
            frames: ImageNet-normalised RGB at the detector's frame rate; any number of frames.

        Returns:
            Logits, above 0 where the probability of an onset exceeds 0.5.
        """
        if self.config.difference:
            frames = with_differences(frames, frames[:, :, :1])
        features = self.pooled(self.net(frames.to(self.dtype)))
        if self.config.head == "linear":
            return self.fc(features.transpose(1, 2)).squeeze(2)
        return self.fc(features).squeeze(1)

    def pooled(
        self, features: Float[Tensor, "batch channel frame height width"]
    ) -> Float[Tensor, "batch channel frame"]:
        """Average over space, in the head's precision."""
        return features.mean(dim=(3, 4), dtype=next(self.fc.parameters()).dtype)

    @property
    def dtype(self) -> torch.dtype:
        """Precision of the trunk; the head may have a higher one."""
        return next(self.net.parameters()).dtype


def with_differences(
    frames: Float[Tensor, "batch 3 frame height width"],
    before: Float[Tensor, "batch 3 1 height width"],
) -> Float[Tensor, "batch 6 frame height width"]:
    """Append the scaled change since the previous frame; ``before`` precedes the first."""
    change = torch.cat([before, frames], dim=2).diff(dim=2)
    return torch.cat([frames, DIFFERENCE_GAIN * change], dim=1)


def _trunk(config: OnsetNetConfig) -> nn.Sequential:
    widths = [config.width * factor for factor in (1, 1, 2, 4, 8)]
    layers = [
        (f"layer{number}", _layer(before, after, 1 if number == 1 else 2, config.round_to))
        for number, (before, after) in enumerate(zip(widths, widths[1:], strict=False), 1)
    ]
    trunk = nn.Sequential(OrderedDict([("stem", _stem(config)), *layers]))
    trunk.apply(initialise)
    return trunk


def _stem(config: OnsetNetConfig) -> nn.Sequential:
    middle = int(config.width * STEM_MIDDLE)
    channels = 6 if config.difference else 3
    return nn.Sequential(
        nn.Conv3d(channels, middle, (1, 7, 7), stride=(1, 2, 2), padding=(0, 3, 3), bias=False),
        BatchNorm(middle),
        nn.ReLU(inplace=True),
        TimeConv(middle, config.width),
        BatchNorm(config.width),
        nn.ReLU(inplace=True),
    )


def _layer(before: int, after: int, stride: int, round_to: int) -> nn.Sequential:
    return nn.Sequential(
        ResidualBlock(before, after, stride, round_to),
        ResidualBlock(after, after, 1, round_to),
    )


def _head(config: OnsetNetConfig) -> nn.Sequential:
    features = config.width * 8
    if config.head == "linear":
        return nn.Sequential(
            nn.Linear(features, config.hidden), nn.ReLU(), nn.Linear(config.hidden, 1)
        )
    return nn.Sequential(
        nn.Conv1d(features, config.hidden, 3, padding=1),
        nn.ReLU(),
        nn.Conv1d(config.hidden, 1, 3, padding=1),
    )

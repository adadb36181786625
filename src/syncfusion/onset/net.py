"""The onset detector's net: R(2+1)D-18 that keeps every frame (paper §3.1)."""

from collections import OrderedDict
from dataclasses import dataclass
from functools import partial
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torchvision.models.video.resnet import BasicBlock, Conv2Plus1D

STEM_MIDDLE = 45 / 64  # channels between the stem's two convolutions, per width; torchvision

DIFFERENCE_GAIN = 3.0  # brings differences to about the spread of pictures; measured on real clips


@dataclass(frozen=True, kw_only=True)
class OnsetNetConfig:
    """Shape of the onset net; the defaults are the published one (31.4 M parameters).

    Args:
        width: channels of the first layer; each later layer doubles them.
        hidden: channels between the trunk and the output.
        head: "linear" decides frame by frame (published); "temporal" looks two frames either way.
        difference: also show the net the change since the frame before, as three more channels.
        round_to: the channels between a space and its time convolution are rounded down to a
            multiple of this; 16 suits the vector units of CPUs, 1 is published.

    Raises:
        ValueError: if a size is too small to build a layer from.
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


class VideoOnsetNet(nn.Module):
    """Frames in, one onset logit per frame out; every time stride is 1.

    The names of the parts are those of the published checkpoint: ``net.model.stem``,
    ``net.model.layer1`` to ``layer4``, ``fc``.
    """

    def __init__(self, config: OnsetNetConfig | None = None) -> None:
        super().__init__()
        self.config = config or OnsetNetConfig()
        self.net = nn.Sequential(OrderedDict(model=_trunk(self.config)))
        self.fc = _head(self.config)

    def forward(
        self, frames: Float[Tensor, "batch 3 frame height width"]
    ) -> Float[Tensor, "batch frame"]:
        """Return a logit per frame.

        Args:
            frames: ImageNet-normalised RGB at the detector's frame rate; any number of frames.

        Returns:
            Logits: above 0 where an onset in the frame is likelier than not.
        """
        if self.config.difference:
            frames = torch.cat([frames, DIFFERENCE_GAIN * _change(frames)], dim=1)
        features = self.net(frames).mean(dim=(3, 4))
        if self.config.head == "linear":
            features = features.transpose(1, 2)
            return self.fc(features).squeeze(2)
        return self.fc(features).squeeze(1)


def _change(
    frames: Float[Tensor, "batch channel frame height width"],
) -> Float[Tensor, "batch channel frame height width"]:
    """Return what changed since the frame before; nothing at the first."""
    return torch.cat([torch.zeros_like(frames[:, :, :1]), frames.diff(dim=2)], dim=2)


def _trunk(config: OnsetNetConfig) -> nn.Sequential:
    widths = [config.width * factor for factor in (1, 1, 2, 4, 8)]
    layers = [
        (f"layer{number}", _layer(before, after, 1 if number == 1 else 2, config.round_to))
        for number, (before, after) in enumerate(zip(widths, widths[1:], strict=False), 1)
    ]
    trunk = nn.Sequential(OrderedDict([("stem", _stem(config)), *layers]))
    trunk.apply(_initialise)
    return trunk


def _stem(config: OnsetNetConfig) -> nn.Sequential:
    middle = int(config.width * STEM_MIDDLE)
    channels = 6 if config.difference else 3
    return nn.Sequential(
        nn.Conv3d(channels, middle, (1, 7, 7), stride=(1, 2, 2), padding=(0, 3, 3), bias=False),
        nn.BatchNorm3d(middle),
        nn.ReLU(inplace=True),
        nn.Conv3d(middle, config.width, (3, 1, 1), padding=(1, 0, 0), bias=False),
        nn.BatchNorm3d(config.width),
        nn.ReLU(inplace=True),
    )


def _layer(before: int, after: int, stride: int, round_to: int) -> nn.Sequential:
    convolution = partial(_KeepTime, round_to=round_to)
    downsample = None
    if stride != 1 or before != after:
        downsample = nn.Sequential(
            nn.Conv3d(before, after, 1, stride=(1, stride, stride), bias=False),
            nn.BatchNorm3d(after),
        )
    return nn.Sequential(
        BasicBlock(before, after, convolution, stride, downsample),
        BasicBlock(after, after, convolution),
    )


class _KeepTime(Conv2Plus1D):
    """Torchvision's factored convolution with its stride in space only."""

    def __init__(
        self, before: int, after: int, middle: int, stride: int = 1, *, round_to: int = 1
    ) -> None:
        middle = max(middle // round_to, 1) * round_to
        super().__init__(before, after, middle, stride)
        self[3] = nn.Conv3d(middle, after, (3, 1, 1), padding=(1, 0, 0), bias=False)


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


def _initialise(part: nn.Module) -> None:
    """Draw convolutions as torchvision's video nets do (He et al. 2015, fan out)."""
    if isinstance(part, nn.Conv3d):
        nn.init.kaiming_normal_(part.weight, mode="fan_out", nonlinearity="relu")

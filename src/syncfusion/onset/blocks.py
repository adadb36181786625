"""The parts of R(2+1)D (Tran et al., CVPR 2018): residual blocks of factored convolutions.

Names and sizes are those of torchvision's video nets, so their weights fit. The blocks are
written here because importing torchvision takes longer than detecting onsets in ten seconds.
"""

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from syncfusion.onset.norm import BatchNorm

Features = Float[Tensor, "batch channel frame height width"]


class TimeConv(nn.Conv3d):
    """A convolution over three frames, pixel by pixel.

    All pixels are flattened into one row, which makes it a convolution in two dimensions. In
    float32 on a CPU that is several times faster than ``Conv3d``, forwards and backwards.

    Args:
        before: input channels.
        after: output channels.
    """

    def __init__(self, before: int, after: int) -> None:
        super().__init__(before, after, (3, 1, 1), padding=(1, 0, 0), bias=False)

    def forward(
        self, input: Features, padding: int = 1
    ) -> Float[Tensor, "batch channel_out frame_out height width"]:
        """Convolve over time, with ``padding`` frames of zeros at either end."""
        flat = functional.conv2d(
            input.flatten(3), self.weight[..., 0], self.bias, padding=(padding, 0)
        )
        return flat.unflatten(3, input.shape[3:])


class FactoredConv(nn.Sequential):
    """A convolution over space, then one over time; every frame is kept.

    Args:
        before: input channels.
        after: output channels.
        middle: channels between the two convolutions.
        stride: in space.
    """

    def __init__(self, before: int, after: int, middle: int, stride: int = 1) -> None:
        super().__init__(
            nn.Conv3d(
                before, middle, (1, 3, 3), stride=(1, stride, stride), padding=(0, 1, 1), bias=False
            ),
            BatchNorm(middle),
            nn.ReLU(inplace=True),
            TimeConv(middle, after),
        )


class ResidualBlock(nn.Module):
    """Two factored convolutions and a shortcut connection.

    Args:
        before: input channels.
        after: output channels.
        stride: in space, of the first convolution and the shortcut.
        round_to: the channels inside the factored convolutions are rounded down to a multiple of
            this. Without rounding, the first has as many weights as one 3×3×3 convolution.
    """

    def __init__(self, before: int, after: int, stride: int = 1, round_to: int = 1) -> None:
        super().__init__()
        middle = (before * after * 27) // (before * 9 + 3 * after)
        middle = max(middle // round_to, 1) * round_to
        self.conv1 = nn.Sequential(
            FactoredConv(before, after, middle, stride),
            BatchNorm(after),
            nn.ReLU(inplace=True),
        )
        self.conv2 = nn.Sequential(FactoredConv(after, after, middle), BatchNorm(after))
        self.relu = nn.ReLU(inplace=True)
        self.downsample = None
        if stride != 1 or before != after:
            self.downsample = nn.Sequential(
                nn.Conv3d(before, after, 1, stride=(1, stride, stride), bias=False),
                BatchNorm(after),
            )

    def forward(self, features: Features) -> Float[Tensor, "batch channel_out frame _ _"]:
        """Return the features of the next layer."""
        shortcut = features if self.downsample is None else self.downsample(features)
        return self.relu(self.conv2(self.conv1(features)) + shortcut)


def initialise(part: nn.Module) -> None:
    """Initialise convolutions as torchvision's video nets do (He et al. 2015, fan out)."""
    if isinstance(part, nn.Conv3d):
        nn.init.kaiming_normal_(part.weight, mode="fan_out", nonlinearity="relu")

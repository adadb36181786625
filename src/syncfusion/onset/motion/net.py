"""The nets that read motion: onset logits from features, and from cells; several are averaged."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from syncfusion.onset.motion.cells import N_CHANNELS
from syncfusion.onset.motion.features import feature_kinds
from syncfusion.onset.motion.inputs import MotionInput, mirrored
from syncfusion.onset.norm import BatchNorm1d, BatchNorm2d

MOTION_NET_KEY = "motion_net"  # key of the fields of MotionNetConfig in a Lightning checkpoint
PRIOR = -2.0  # initial logit: onsets are rare
OWN_COMPRESSION = 4.0  # of features in units of the clip's own scale
CELL_COMPRESSION = 8.0
CHUNK, CONTEXT = 2048, 32  # frames computed at once, and those either side they depend on


@dataclass(frozen=True, kw_only=True)
class MotionNetConfig:
    """Shape of the detector that reads motion.

    Args:
        n_feature_nets: nets that read features.
        n_grid_nets: nets that read the cells of the coarse grid.
        width: channels of the layers in time of a feature net.
        dilations: of the layers in time.
        dropout: of a feature net's layers.
        feature_dropout: probability that training leaves out a feature.
        grid_width: channels of the layers in time of a grid net.
        grid_channels: channels of the layers in space of a grid net; the second halves the grid.
        grid_stack: neighbouring frames that a grid net's first layer reads, odd.
        grid_dropout: of a grid net's layers.
        picture_lag: seconds by which pictures lie behind their sound in the recordings that the
            nets were trained on, see ``lag.picture_lag``.

    Raises:
        ValueError: if there is no net, a size is too small, or the lag is below 0.
    """

    n_feature_nets: int = 3
    n_grid_nets: int = 1
    width: int = 64
    dilations: Sequence[int] = (1, 2, 4, 8)
    dropout: float = 0.4
    feature_dropout: float = 0.3
    grid_width: int = 64
    grid_channels: Sequence[int] = (24, 32, 48)
    grid_stack: int = 5
    grid_dropout: float = 0.3
    picture_lag: float = 0.0

    def __post_init__(self) -> None:
        for name in ("dilations", "grid_channels"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        counts = (self.n_feature_nets, self.n_grid_nets)
        if min(counts) < 0 or sum(counts) < 1:
            raise ValueError(
                f"{counts[0]} nets of features and {counts[1]} of cells; give 1 or more"
            )
        sizes = (self.width, self.grid_width, *self.grid_channels, *self.dilations)
        if min(sizes) < 1 or self.grid_stack % 2 == 0:
            raise ValueError(f"sizes {sizes} must be 1 or more, and grid_stack odd")
        if self.picture_lag < 0:
            raise ValueError(f"picture_lag is {self.picture_lag}; give 0 or more seconds")


class MotionOnsetNet(nn.Module):
    """Maps motion to one onset logit per frame: the mean over its nets.

    Args:
        config: shape of the nets; None for the defaults.
    """

    calibration: Tensor

    def __init__(self, config: MotionNetConfig | None = None) -> None:
        super().__init__()
        self.config = config or MotionNetConfig()
        features = [FeatureNet(self.config) for _ in range(self.config.n_feature_nets)]
        grids = [GridNet(self.config) for _ in range(self.config.n_grid_nets)]
        self.features, self.grids = nn.ModuleList(features), nn.ModuleList(grids)
        self.register_buffer("calibration", torch.tensor([1.0, 0.0]))  # scale and shift of logits

    def forward(self, motion: MotionInput) -> Float[Tensor, "batch frame"]:
        """Return logits, before calibration."""
        nets = (*self.features, *self.grids)
        return torch.stack([net(motion) for net in nets]).mean(0)

    @torch.inference_mode()
    def probabilities(self, motion: MotionInput) -> Float[Tensor, " frame"]:
        """Return the probability of an onset at each frame of a video of any length.

        Args:
            motion: of one video; the mean of its logits and the mirrored video's is taken.

        Returns:
            0 to 1, before calibration; in double precision, on the CPU.
        """
        logits = (self._in_chunks(motion) + self._in_chunks(mirrored(motion))) / 2
        return logits.sigmoid().double().cpu()

    def _in_chunks(self, motion: MotionInput) -> Float[Tensor, " frame"]:
        pieces, n_frames = [], motion.grid.shape[1]
        for start in range(0, n_frames, CHUNK):
            first = max(0, start - CONTEXT)
            logits = self(motion.frames(first, start + CHUNK + CONTEXT))[0].float()
            pieces.append(logits[start - first :][: min(CHUNK, n_frames - start)])
        return torch.cat(pieces)


class FeatureNet(nn.Module):
    """Reads features at two scales: physical, and in units of the clip's own."""

    compression: Tensor

    def __init__(self, config: MotionNetConfig) -> None:
        super().__init__()
        compression = feature_kinds().compression
        self.register_buffer("compression", compression, persistent=False)
        self.feature_dropout = config.feature_dropout
        n_features = 2 * len(compression)
        self.norm = BatchNorm1d(n_features)
        self.join = nn.Conv1d(n_features, config.width, 3, padding=1)
        self.join_norm = BatchNorm1d(config.width)
        self.time = _in_time(config.width, config.dilations, config.dropout)
        self.head = _head(config.width)

    def forward(self, motion: MotionInput) -> Float[Tensor, "batch frame"]:
        """Return logits."""
        physical = compressed(motion.features, self.compression)
        own = compressed(motion.features / motion.scale[:, None], OWN_COMPRESSION)
        hidden = self.norm(torch.cat([physical, own], dim=2).transpose(1, 2))
        if self.training and self.feature_dropout:
            kept = torch.rand(*hidden.shape[:2], 1, device=hidden.device) > self.feature_dropout
            hidden = hidden * kept
        return self.head(self.time(functional.relu(self.join_norm(self.join(hidden)))))[:, 0]


class GridNet(nn.Module):
    """Reads the cells of a few frames at once, then time."""

    def __init__(self, config: MotionNetConfig) -> None:
        super().__init__()
        self.stack = config.grid_stack
        channels, layers = self.stack * N_CHANNELS, []
        for number, after in enumerate(config.grid_channels):
            stride = 2 if number == 1 else 1
            layers += [
                nn.Conv2d(channels, after, 3, stride, 1, bias=False),
                BatchNorm2d(after),
                nn.ReLU(inplace=True),
            ]
            channels = after
        self.space = nn.Sequential(*layers, nn.Dropout2d(config.grid_dropout / 2))
        self.join = nn.Conv1d(2 * channels, config.grid_width, 1)
        self.time = _in_time(config.grid_width, config.dilations, config.grid_dropout)
        self.head = _head(config.grid_width)

    def forward(self, motion: MotionInput) -> Float[Tensor, "batch frame"]:
        """Return logits."""
        cells = compressed(motion.grid, CELL_COMPRESSION)
        n_batch, n_frames = cells.shape[:2]
        half = self.stack // 2
        padded = torch.cat([cells[:, :1]] * half + [cells] + [cells[:, -1:]] * half, dim=1)
        stacked = [padded[:, shift : shift + n_frames] for shift in range(self.stack)]
        pictures = torch.cat(stacked, dim=2).flatten(0, 1)
        seen = self.space(pictures.contiguous(memory_format=torch.channels_last))
        pooled = torch.cat([seen.mean((2, 3)), seen.amax((2, 3))], dim=1)
        hidden = pooled.unflatten(0, (n_batch, n_frames)).transpose(1, 2)
        return self.head(self.time(functional.relu(self.join(hidden))))[:, 0]


def compressed(values: Tensor, factor: float | Tensor) -> Tensor:
    """Return sign · log(1 + factor · |value|): a gain becomes nearly a shift; 0 leaves values."""
    factor = torch.as_tensor(factor, device=values.device)
    return torch.where(factor > 0, values.sign() * torch.log1p(factor * values.abs()), values)


class _Residual(nn.Module):
    def __init__(self, width: int, dilation: int, dropout: float) -> None:
        super().__init__()
        self.conv = nn.Conv1d(width, width, 3, padding=dilation, dilation=dilation)
        self.norm = BatchNorm1d(width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, hidden: Tensor) -> Tensor:
        return hidden + self.dropout(functional.relu(self.norm(self.conv(hidden))))


def _in_time(width: int, dilations: Sequence[int], dropout: float) -> nn.Sequential:
    layers = [_Residual(width, dilation, dropout) for dilation in dilations]
    return nn.Sequential(nn.Dropout(dropout), *layers)


def _head(width: int) -> nn.Conv1d:
    head = nn.Conv1d(width, 1, 1)
    nn.init.constant_(head.bias, PRIOR)  # type: ignore[arg-type]
    return head

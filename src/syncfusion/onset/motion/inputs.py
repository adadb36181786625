"""What the nets read of a video's motion."""

from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from syncfusion.onset.motion.cells import HORIZONTAL, halved
from syncfusion.onset.motion.features import feature_kinds, motion_features
from syncfusion.onset.motion.stream import Motion

SCALE_QUANTILE = 0.97  # of a feature's absolute values in a clip
LEAST_SCALE = 1e-3
SCALE_FRAMES = 20_000  # of a longer clip, every n-th frame counts


class MotionInput(NamedTuple):
    """Input of the nets.

    Args:
        features: see ``features.motion_features``; of size 0 where no net reads them.
        scale: the usual size of each feature in the clip.
        grid: cells of the coarse grid, 7 × 12.
    """

    features: Float[Tensor, "batch frame feature"]
    scale: Float[Tensor, "batch feature"]
    grid: Float[Tensor, "batch frame channel row column"]

    def to(self, device: torch.device | str) -> "MotionInput":
        """Return the input on a device."""
        return MotionInput(*(each.to(device) for each in self))

    def frames(self, start: int, stop: int) -> "MotionInput":
        """Return some of the frames; the scale stays the whole clip's."""
        return MotionInput(self.features[:, start:stop], self.scale, self.grid[:, start:stop])


def motion_input(motion: Motion, *, with_features: bool = True) -> MotionInput:
    """Return the input of the nets for a whole video, a batch of one.

    Args:
        motion: of the video.
        with_features: False where no net reads features, and none are computed.

    Returns:
        Cells and features of every frame, and the clip's scale.
    """
    grid = torch.from_numpy(halved(motion.cells).astype(np.float32))
    if not with_features:
        return MotionInput(torch.empty(1, len(grid), 0), torch.empty(1, 0), grid[None])
    features = motion_features(motion.cells)
    return MotionInput(features[None], clip_scale(features)[None], grid[None])


def clip_scale(features: Float[Tensor, "frame feature"]) -> Float[Tensor, " feature"]:
    """Return the usual size of each feature in a clip."""
    some = features[:: 1 + len(features) // SCALE_FRAMES]
    return some.abs().quantile(SCALE_QUANTILE, dim=0).clamp(min=LEAST_SCALE)


def mirrored(motion: MotionInput) -> MotionInput:
    """Return the input of the mirrored video."""
    sign = feature_kinds().sign[: motion.features.shape[-1]].to(motion.features.device)
    return MotionInput(motion.features * sign, motion.scale, mirrored_grid(motion.grid))


def mirrored_grid(
    grid: Float[Tensor, "*frame channel row column"],
) -> Float[Tensor, "*frame channel row column"]:
    """Return the cells of the mirrored video."""
    grid = grid.flip(-1)
    grid[..., list(HORIZONTAL), :, :] *= -1
    return grid

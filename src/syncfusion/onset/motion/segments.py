"""Random segments of annotated motion: what the nets are trained on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from syncfusion.onset.motion.cells import DIFFERENCES, SPEED
from syncfusion.onset.motion.clips import MotionClip
from syncfusion.onset.motion.features import feature_kinds
from syncfusion.onset.motion.inputs import mirrored_grid

SCALE_JITTER = 0.15  # standard deviation of the logarithm of a clip's scale


@dataclass(frozen=True, kw_only=True)
class Augmentation:
    """How segments vary.

    Args:
        speed: time runs up to so many times faster or slower.
        gain: standard deviation of the logarithm of a factor for flow, and of another for grey
            differences.
        target_seconds: standard deviation of the Gaussian targets around onsets.
        zoom: largest logarithm of the factor by which cells are enlarged.
        shift: largest displacement of cells, of the picture's size.
        rotation: largest rotation of cells in degrees.
        mixing: probability that another segment's cells are laid over.
        emptied: probability that a rectangle of cells is emptied.
    """

    speed: float = 1.25
    gain: float = 0.35
    target_seconds: float = 0.03
    zoom: float = 0.35
    shift: float = 0.1
    rotation: float = 8.0
    mixing: float = 0.2
    emptied: float = 0.0


class MotionBatch(NamedTuple):
    """Segments for each net of a detector, drawn separately.

    Args:
        features: for each feature net, see ``feature_batch``.
        grids: for each grid net, see ``grid_batch``.
    """

    features: list[tuple[Tensor, Tensor, Tensor]]
    grids: list[tuple[Tensor, Tensor]]


@dataclass(frozen=True)
class _Moments:
    """Where the frames of a segment lie in their clip."""

    clip: MotionClip
    places: Float[np.ndarray, " frame"]
    speed: float

    @classmethod
    def draw(
        cls, clips: Sequence[MotionClip], n_frames: int, speed: float, rng: np.random.Generator
    ) -> "_Moments":
        clip = clips[rng.integers(len(clips))]
        factor = float(np.exp(rng.uniform(-1, 1) * np.log(speed)))
        span = (n_frames - 1) * factor
        start = rng.uniform(0, max(len(clip.times) - 1 - span, 0))
        return cls(clip, start + np.arange(n_frames) * factor, factor)

    def read(self, values: Float[Tensor, "all ..."]) -> Float[Tensor, "frame ..."]:
        """Interpolate a clip's values; the ends are repeated."""
        low = np.clip(np.floor(self.places).astype(int), 0, len(values) - 1)
        part = torch.from_numpy((self.places - low).astype(np.float32))
        part = part.clamp(0, 1).reshape(-1, *[1] * (values.ndim - 1))
        high = np.minimum(low + 1, len(values) - 1)
        return torch.lerp(values[torch.from_numpy(low)], values[torch.from_numpy(high)], part)

    def targets(self, sigma: float) -> Float[Tensor, " frame"]:
        """Return the targets: a Gaussian of height 1 around each onset."""
        times = np.interp(self.places, np.arange(len(self.clip.times)), self.clip.times)
        if not len(self.clip.labels):
            return torch.zeros(len(times))
        distance = np.abs(times[:, None] - self.clip.labels).min(1) / self.speed
        return torch.from_numpy(np.exp(-0.5 * (distance / sigma) ** 2).astype(np.float32))


def feature_batch(
    clips: Sequence[MotionClip],
    *,
    size: int,
    n_frames: int,
    augmentation: Augmentation,
    rng: np.random.Generator,
) -> tuple[Tensor, Tensor, Tensor]:
    """Return segments for a feature net.

    Args:
        clips: to draw from, each as often as any other.
        size: segments.
        n_frames: of each.
        augmentation: how they vary.
        rng: source of randomness.

    Returns:
        Features (batch, frame, feature), scales (batch, feature) and targets (batch, frame).
    """
    kinds, drawn = feature_kinds(), []
    for _ in range(size):
        moments = _Moments.draw(clips, n_frames, augmentation.speed, rng)
        flow, grey = np.exp(rng.normal(0, augmentation.gain, 2))
        factor = torch.where(kinds.is_difference > 0, float(grey), moments.speed * float(flow))
        factor = torch.where(kinds.compression > 0, factor, torch.ones(()))
        scale = moments.clip.inputs.scale[0] * factor * float(np.exp(rng.normal(0, SCALE_JITTER)))
        factor = factor * kinds.sign if rng.random() < 0.5 else factor
        targets = moments.targets(augmentation.target_seconds)
        drawn.append((moments.read(moments.clip.features) * factor, scale, targets))
    features, scales, targets = (torch.stack(each) for each in zip(*drawn, strict=True))
    return features.float(), scales.float(), targets


def grid_batch(
    clips: Sequence[MotionClip],
    *,
    size: int,
    n_frames: int,
    augmentation: Augmentation,
    rng: np.random.Generator,
) -> tuple[Tensor, Tensor]:
    """Return cells (batch, frame, channel, row, column) and targets as ``feature_batch`` does."""
    drawn = []
    for _ in range(size):
        cells, targets = _grid_segment(clips, n_frames, augmentation, rng)
        if rng.random() < augmentation.mixing:
            more, others = _grid_segment(clips, n_frames, augmentation, rng)
            cells, targets = laid_over(cells, more), torch.maximum(targets, others)
        drawn.append((cells, targets))
    cells, targets = (torch.stack(each) for each in zip(*drawn, strict=True))
    return cells, targets


def _grid_segment(
    clips: Sequence[MotionClip],
    n_frames: int,
    augmentation: Augmentation,
    rng: np.random.Generator,
) -> tuple[Tensor, Tensor]:
    moments = _Moments.draw(clips, n_frames, augmentation.speed, rng)
    cells = moments.read(moments.clip.grid) * moments.speed
    cells = mirrored_grid(cells) if rng.random() < 0.5 else cells
    cells = moved(cells, augmentation, rng)
    if rng.random() < augmentation.emptied:
        _empty(cells, rng)
    flow, grey = np.exp(rng.normal(0, augmentation.gain, 2))
    factor = torch.full((cells.shape[1], 1, 1), float(flow))
    factor[list(DIFFERENCES)] = float(grey)
    return cells * factor, moments.targets(augmentation.target_seconds)


def moved(cells: Tensor, augmentation: Augmentation, rng: np.random.Generator) -> Tensor:
    """Zoom, shift and rotate cells (frame, channel, row, column), and their vectors with them."""
    zoom = float(np.exp(rng.uniform(-augmentation.zoom, augmentation.zoom)))
    angle = np.deg2rad(rng.uniform(-augmentation.rotation, augmentation.rotation))
    across, down = rng.uniform(-augmentation.shift, augmentation.shift, 2) * 2
    rows, columns = cells.shape[-2:]
    cosine, sine, ratio = float(np.cos(angle)), float(np.sin(angle)), rows / columns
    theta = torch.tensor(
        [
            [cosine / zoom, sine * ratio / zoom, across],
            [-sine / ratio / zoom, cosine / zoom, down],
        ],
        dtype=torch.float32,
    )
    places = functional.affine_grid(theta[None], [1, 1, rows, columns], align_corners=False)
    flat = cells.reshape(1, -1, rows, columns)
    turned = functional.grid_sample(flat, places, align_corners=False).reshape(cells.shape) * zoom
    for x, y in ((0, 1), (2, 3)):
        u, v = turned[:, x].clone(), turned[:, y].clone()
        turned[:, x], turned[:, y] = cosine * u - sine * v, sine * u + cosine * v
    return turned


def laid_over(cells: Tensor, others: Tensor) -> Tensor:
    """Return two motions in one picture: the faster vectors, the larger statistics."""
    first = cells[:, SPEED : SPEED + 1] >= others[:, SPEED : SPEED + 1]
    joined = torch.maximum(cells, others)
    joined[:, :4] = torch.where(first, cells[:, :4], others[:, :4])
    return joined


def _empty(cells: Tensor, rng: np.random.Generator) -> None:
    rows, columns = cells.shape[-2:]
    height, width = rng.integers(2, rows // 2 + 1), rng.integers(3, columns // 2 + 1)
    top, left = rng.integers(0, rows - height + 1), rng.integers(0, columns - width + 1)
    cells[:, :, top : top + height, left : left + width] = 0

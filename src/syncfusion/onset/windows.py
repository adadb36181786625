"""Training examples: random windows of processed videos, and how they vary."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, UInt8
from torch import Tensor
from torch.utils.data import Dataset, Sampler

from syncfusion.onset.clips import Clip
from syncfusion.onset.loss import smeared_labels
from syncfusion.timing import seeded


@dataclass(frozen=True, kw_only=True)
class Augmentation:
    """What changes from one visit of a window to the next.

    Args:
        speed: playback is up to this fraction faster or slower.
        brightness: up to this fraction of full scale is added to every pixel.
        contrast: pixels are multiplied by up to 1 plus or minus this.
        colour: each colour channel is multiplied by up to 1 plus or minus this.
        flip: whether left and right are swapped in half of the windows.
    """

    speed: float = 0.15
    brightness: float = 0.1
    contrast: float = 0.2
    colour: float = 0.05
    flip: bool = True


@dataclass(frozen=True, kw_only=True)
class Windowing:
    """What one training example is.

    Args:
        frames: length of a window.
        crop: side in pixels of the square cut out of the frames, at a random place.
        sigma: width of the labels' humps, in frames.
    """

    frames: int = 48
    crop: int = 72
    sigma: float = 0.7


class OnsetWindows(Dataset):
    """Random windows; the item's index is the seed of everything random about it.

    Args:
        clips: videos to draw from, in proportion to their chance.
        chances: one per clip.
        windowing: length, crop and labels.
        augmentation: what varies; None for windows as they are.
    """

    def __init__(
        self,
        clips: Sequence[Clip],
        chances: Sequence[float],
        windowing: Windowing,
        augmentation: Augmentation | None,
    ) -> None:
        self.clips = clips
        self.chances = torch.tensor(chances)
        self.windowing = windowing
        self.augmentation = augmentation

    def __getitem__(
        self, seed: int
    ) -> tuple[UInt8[Tensor, "frame height width 3"], Float[Tensor, " frame"]]:
        generator = seeded(seed)
        clip = self.clips[int(torch.multinomial(self.chances, 1, generator=generator))]
        variation = self.augmentation or Augmentation(speed=0.0)
        speed = 1 + variation.speed * _spread(generator)
        start = int(_uniform(generator) * max(len(clip) - self.windowing.frames * speed + 1, 1))
        steps = np.rint(start + speed * np.arange(self.windowing.frames)).astype(int)
        _, height, width, _ = clip.pixels.shape
        area = _random_area(height, width, self.windowing.crop, generator)
        frames = clip.frames(np.minimum(steps, len(clip) - 1), area=area)
        if self.augmentation:
            frames = recolour(frames, self.augmentation, generator)
        positions = (torch.tensor(clip.track.times) * clip.fps - start) / speed
        labels = smeared_labels(
            positions.float(), n_frames=self.windowing.frames, sigma=self.windowing.sigma
        )
        return frames, labels


def recolour(
    frames: UInt8[Tensor, "frame height width 3"],
    augmentation: Augmentation,
    generator: torch.Generator,
) -> UInt8[Tensor, "frame height width 3"]:
    """Change light and colours of a window, and perhaps mirror it; all frames alike."""
    gain = 1 + augmentation.contrast * _spread(generator)
    gains = gain * (1 + augmentation.colour * (2 * torch.rand(3, generator=generator) - 1))
    added = 255 * augmentation.brightness * _spread(generator)
    middle = 127.5
    changed = ((frames - middle) * gains).add_(middle + added).clamp_(0, 255).to(torch.uint8)
    mirrored = augmentation.flip and _uniform(generator) < 0.5
    return changed.flip(2) if mirrored else changed


def _random_area(
    height: int, width: int, crop: int, generator: torch.Generator
) -> tuple[slice, slice]:
    """Return rows and columns of a random square; whole sides where the frame is smaller."""
    corners = [int(_uniform(generator) * (max(side - crop, 0) + 1)) for side in (height, width)]
    top, left = corners
    return slice(top, top + crop), slice(left, left + crop)


def _uniform(generator: torch.Generator) -> float:
    return torch.rand((), generator=generator).item()


def _spread(generator: torch.Generator) -> float:
    return 2 * _uniform(generator) - 1


class Draws(Sampler[int]):
    """Seeds for ``OnsetWindows``: new ones every epoch, the same on every run.

    Args:
        n_draws: windows per epoch.
        seed: where the seeds come from.
    """

    def __init__(self, n_draws: int, seed: int) -> None:
        self.n_draws = n_draws
        self.seed = seed
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Move on to the seeds of an epoch; Lightning calls it."""
        self.epoch = epoch

    def __len__(self) -> int:
        return self.n_draws

    def __iter__(self) -> Iterator[int]:
        generator = seeded(self.seed + self.epoch)
        yield from torch.randint(2**62, (self.n_draws,), generator=generator).tolist()

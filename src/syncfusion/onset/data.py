"""Windows of processed videos to train the onset net on, and whole clips to judge it by."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytorch_lightning as pl
import torch
from jaxtyping import Float, UInt8
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, Sampler

from syncfusion.onset.clips import Clip, open_split
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


@dataclass(frozen=True, kw_only=True)
class Root:
    """A folder of processed videos with its split lists.

    Args:
        folder: holds ``<id>/`` and ``train.txt``.
        share: how often training draws from it, relative to the other roots.
    """

    folder: Path
    share: float = 1.0


class OnsetBatch(NamedTuple):
    """Windows and what the net should say about them."""

    frames: UInt8[Tensor, "batch frame height width 3"]
    labels: Float[Tensor, "batch frame"]


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
        start = _uniform(generator) * max(len(clip) - self.windowing.frames * speed, 0.0)
        steps = np.floor(start + speed * np.arange(self.windowing.frames)).astype(int)
        area = _random_area(clip.pixels.shape[1:3], self.windowing.crop, generator)
        frames = clip.frames(np.minimum(steps, len(clip) - 1), area=area)
        if self.augmentation:
            frames = recolour(frames, self.augmentation, generator)
        positions = (torch.tensor(clip.track.times) * clip.fps - int(start)) / speed
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
    size: tuple[int, int], crop: int, generator: torch.Generator
) -> tuple[slice, slice]:
    """Return rows and columns of a random square; whole sides where the frame is smaller."""
    corners = [int(_uniform(generator) * (max(side - crop, 0) + 1)) for side in size]
    return slice(corners[0], corners[0] + crop), slice(corners[1], corners[1] + crop)


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


class OnsetData(pl.LightningDataModule):
    """Training windows from all roots; validation and test clips, whole, from the first.

    Args:
        roots: folders of processed videos.
        windowing: what a training example is.
        augmentation: how examples vary; None for not at all.
        windows_per_epoch: examples between two validations.
        batch_size: examples per training step.
        num_workers: processes that read examples; 0 reads in the training process.
        seed: of everything random about the examples.
    """

    def __init__(
        self,
        roots: list[Root],
        windowing: Windowing,
        augmentation: Augmentation | None = None,
        windows_per_epoch: int = 800,
        batch_size: int = 8,
        num_workers: int = 0,
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.roots = roots
        self.windowing = windowing
        self.augmentation = augmentation
        self.draws = Draws(windows_per_epoch, seed)
        self.batch_size = batch_size
        self.num_workers = num_workers

    def train_dataloader(self) -> DataLoader:
        """Return batches of random windows."""
        clips, chances = [], []
        for root in self.roots:
            opened = open_split(root.folder, "train")
            total = sum(map(len, opened))
            clips += opened
            chances += [root.share * len(clip) / total for clip in opened]
        windows = OnsetWindows(clips, chances, self.windowing, self.augmentation)
        return DataLoader(
            windows,
            self.batch_size,
            sampler=self.draws,
            num_workers=self.num_workers,
            collate_fn=_collate,
            persistent_workers=self.num_workers > 0,
        )

    def val_dataloader(self) -> DataLoader:
        """Return whole clips, one by one."""
        return _whole(open_split(self.roots[0].folder, "val"))

    def test_dataloader(self) -> DataLoader:
        """Return whole clips, one by one."""
        return _whole(open_split(self.roots[0].folder, "test"))

    def transfer_batch_to_device(
        self, batch: OnsetBatch | Clip, device: torch.device, dataloader_idx: int
    ) -> OnsetBatch | Clip:
        """Move training batches to the device; clips stay on disk, read window by window."""
        if isinstance(batch, Clip):
            return batch
        return super().transfer_batch_to_device(batch, device, dataloader_idx)


def _whole(clips: list[Clip]) -> DataLoader:
    return DataLoader(clips, batch_size=None, collate_fn=lambda clip: clip)  # type: ignore[arg-type]


def _collate(examples: list[tuple[Tensor, Tensor]]) -> OnsetBatch:
    frames, labels = zip(*examples, strict=True)
    return OnsetBatch(torch.stack(frames), torch.stack(labels))

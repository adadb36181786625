"""What the onset net is trained on and judged by: random windows, and whole clips."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytorch_lightning as pl
import torch
from jaxtyping import Float, UInt8
from torch import Tensor
from torch.utils.data import DataLoader

from syncfusion.onset.clips import Clip, open_split
from syncfusion.onset.windows import Augmentation, Draws, OnsetWindows, Windowing


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

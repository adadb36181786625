"""Segments for training and whole clips for validation, as a LightningDataModule."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytorch_lightning as pl
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from syncfusion.errors import InputError
from syncfusion.onset.motion.clips import MotionClip, clip_names, open_motion_clips
from syncfusion.onset.motion.folds import fold_of
from syncfusion.onset.motion.segments import Augmentation, feature_batch, grid_batch


class MotionBatch(NamedTuple):
    """Segments for each net of a detector, drawn separately.

    Args:
        features: for each feature net, see ``segments.feature_batch``.
        grids: for each grid net, see ``segments.grid_batch``.
    """

    features: list[tuple[Tensor, Tensor, Tensor]]
    grids: list[tuple[Tensor, Tensor]]


class MotionData(pl.LightningDataModule):
    """Segments of training clips, and whole validation clips.

    Args:
        root: folder of raw videos with annotations, or of processed videos, with lists of its
            splits; see ``clips.open_motion_clips``.
        cache: folder in which the motion of clips is kept.
        train_splits: lists of the clips to train on.
        held_out: splits to validate on; none to validate on nothing.
        fold: which of the folds of ``train_splits`` is held out instead; null for none.
        n_folds: number of folds.
        augmentation: how segments for feature nets vary.
        grid_augmentation: how segments for grid nets vary; null for the same.
        feature_frames: of a segment for feature nets.
        feature_segments: in a batch.
        grid_frames: of a segment for grid nets.
        grid_segments: in a batch.
        to_sound: whether training aims at the onsets of the clips' own sound, within 80 ms.
        n_filmings: variants of each training clip as other cameras would film it, see
            ``filming.filmed``.
        n_feature_nets: nets to draw batches for; the command takes it from ``model.net``.
        n_grid_nets: likewise.
        steps_per_epoch: batches in an epoch.
        seed: of all randomness in the segments.

    Raises:
        InputError: if a number is out of its range.
    """

    def __init__(
        self,
        root: Path,
        cache: Path,
        train_splits: Sequence[str] = ("train",),
        held_out: Sequence[str] = ("val",),
        fold: int | None = None,
        n_folds: int = 6,
        augmentation: Augmentation | None = None,
        grid_augmentation: Augmentation | None = None,
        feature_frames: int = 96,
        feature_segments: int = 16,
        grid_frames: int = 64,
        grid_segments: int = 12,
        to_sound: bool = True,
        n_filmings: int = 0,
        n_feature_nets: int = 1,
        n_grid_nets: int = 1,
        steps_per_epoch: int = 50,
        seed: int = 0,
    ) -> None:
        super().__init__()
        sizes = (feature_frames, feature_segments, grid_frames, grid_segments, steps_per_epoch)
        if min(sizes) < 1:
            raise InputError(f"segments and batches of {sizes} are too small; give 1 or more each")
        if fold is not None and not 0 <= fold < n_folds:
            raise InputError(f"there is no fold {fold} of {n_folds}; give 0 to {n_folds - 1}")
        if n_filmings < 0:
            raise InputError(f"n_filmings is {n_filmings}; give 0 or more")
        self.root, self.cache, self.to_sound = root, cache, to_sound
        self.n_filmings = n_filmings
        self.train_splits, self.held_out = list(train_splits), list(held_out)
        self.fold, self.n_folds = fold, n_folds
        self.augmentation = augmentation or Augmentation()
        self.grid_augmentation = grid_augmentation or self.augmentation
        self.feature_size = {"size": feature_segments, "n_frames": feature_frames}
        self.grid_size = {"size": grid_segments, "n_frames": grid_frames}
        self.counts = (n_feature_nets, n_grid_nets)
        self.steps_per_epoch, self.seed = steps_per_epoch, seed
        self.clips: dict[str, list[MotionClip]] = {"fit": [], "validate": []}

    def names(self) -> tuple[list[str], list[str]]:
        """Return the ids of the clips for training and for validation.

        Returns:
            Ids for training, ids for validation; no clip is in both.

        Raises:
            InputError: if a list cannot be used, or a clip is in both.
        """
        training = clip_names(self.root, self.train_splits)
        if self.fold is not None:
            held = [name for name in training if fold_of(training, self.n_folds)[name] == self.fold]
            return [name for name in training if name not in held], held
        held = clip_names(self.root, self.held_out)
        both = sorted(set(training) & set(held))
        if both:
            raise InputError(
                f"{both[0]} is in a training and in a validation split; keep it in one"
            )
        return training, held

    def setup(self, stage: str) -> None:
        """Open the clips.

        Args:
            stage: "fit" or "validate".
        """
        training, held = self.names()
        if stage == "fit":
            self.clips["fit"] = self.open(training, n_filmings=self.n_filmings)
        self.clips["validate"] = self.open(held)

    def open(self, names: Sequence[str], n_filmings: int = 0) -> list[MotionClip]:
        """Open some clips, each before its variants."""
        return open_motion_clips(
            self.root, names, cache=self.cache, to_sound=self.to_sound, n_filmings=n_filmings
        )

    def train_dataloader(self) -> DataLoader:
        """Return batches of segments; an epoch always draws the same ones, after its number."""
        return DataLoader(_Segments(self), batch_size=None, collate_fn=_unchanged)

    def val_dataloader(self) -> DataLoader:
        """Return whole clips, one by one."""
        clips = self.clips["validate"]
        return DataLoader(clips, batch_size=None, collate_fn=_unchanged)  # type: ignore[arg-type]

    def transfer_batch_to_device(self, batch, device, dataloader_idx: int):
        """Move training batches to the device; clips are moved when they are read."""
        if isinstance(batch, MotionClip):
            return batch
        return super().transfer_batch_to_device(batch, device, dataloader_idx)


def _unchanged(item):
    return item


class _Segments(Dataset):
    def __init__(self, data: MotionData) -> None:
        self._data = data

    def __len__(self) -> int:
        return self._data.steps_per_epoch

    def __getitem__(self, number: int) -> MotionBatch:
        data = self._data
        if number >= len(self):
            raise IndexError(number)
        epoch = data.trainer.current_epoch if data.trainer else 0
        rng = np.random.default_rng([data.seed, epoch, number])
        draw_features = partial(
            feature_batch, **data.feature_size, augmentation=data.augmentation, rng=rng
        )
        draw_grid = partial(
            grid_batch, **data.grid_size, augmentation=data.grid_augmentation, rng=rng
        )
        clips, (n_features, n_grids) = data.clips["fit"], data.counts
        return MotionBatch(
            [draw_features(clips) for _ in range(n_features)],
            [draw_grid(clips) for _ in range(n_grids)],
        )

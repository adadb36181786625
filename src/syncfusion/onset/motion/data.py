"""Segments for training and whole clips for validation, as a LightningDataModule."""

from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pytorch_lightning as pl
from torch.utils.data import DataLoader, Dataset

from syncfusion.errors import InputError
from syncfusion.onset.data import EpochSampler, rank_clips
from syncfusion.onset.motion.clips import MotionClip, clip_names, open_motion_clips
from syncfusion.onset.motion.folds import fold_of
from syncfusion.onset.motion.segments import Augmentation, MotionBatch, feature_batch, grid_batch
from syncfusion.timing import seeded
from syncfusion.trainer import n_batches_taken, rank_of


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
        annotated_seconds: at the beginning of each clip, the only ones that are read; null for all.
        n_feature_nets: nets to draw batches for; the command takes it from ``model.net``.
        n_grid_nets: likewise.
        picture_lag: of the recordings, likewise.
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
        annotated_seconds: float | None = None,
        n_feature_nets: int = 1,
        n_grid_nets: int = 1,
        picture_lag: float = 0.0,
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
        if annotated_seconds is not None and annotated_seconds <= 0:
            raise InputError(f"annotated_seconds is {annotated_seconds}; give more, or null")
        self.n_filmings, self.annotated_seconds = n_filmings, annotated_seconds
        self.train_splits, self.held_out = list(train_splits), list(held_out)
        self.fold, self.n_folds = fold, n_folds
        varied = augmentation or Augmentation()
        self.drawing: dict[Callable, dict[str, Any]] = {
            feature_batch: {
                "size": feature_segments,
                "n_frames": feature_frames,
                "augmentation": varied,
            },
            grid_batch: {
                "size": grid_segments,
                "n_frames": grid_frames,
                "augmentation": grid_augmentation or varied,
            },
        }
        self.counts, self.picture_lag = (n_feature_nets, n_grid_nets), picture_lag
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
        if both := sorted(set(training) & set(held)):
            raise InputError(
                f"{both[0]} is in a training and in a validation split; keep it in one"
            )
        return training, held

    def prepare_data(self) -> None:
        """Compute motion in one process a machine, before several read what is kept."""
        if rank_of(self.trainer)[1] > 1:
            for name in chain(*self.names()):
                self.open([name])

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
        clips = open_motion_clips(
            self.root,
            names,
            cache=self.cache,
            to_sound=self.to_sound,
            n_filmings=n_filmings,
            with_features=self.counts[0] > 0,
        )
        if self.annotated_seconds is not None:
            clips = [clip.until(self.annotated_seconds) for clip in clips]
        return [clip.as_seen(self.picture_lag) for clip in clips]

    def train_dataloader(self) -> DataLoader:
        """Return batches of segments; an epoch always draws the same ones, after its number.

        A resumed training goes on within its epoch; ranks share the batches.
        """
        steps = EpochSampler(self._places)
        if self.trainer is not None:
            steps.resume(self.trainer.current_epoch, n_batches_taken(self.trainer))
        return self._loader(_Segments(self), sampler=steps)

    def val_dataloader(self) -> DataLoader:
        """Return whole clips, one by one; ranks take turns."""
        clips = rank_clips(self.clips["validate"], *rank_of(self.trainer))
        return self._loader(clips)

    def _loader(self, items: Any, sampler: EpochSampler | None = None) -> DataLoader:
        """Read items one by one, without a draw from the generator that dropout uses."""
        drawing = seeded(self.seed)
        options = {"sampler": sampler, "generator": drawing, "collate_fn": _unchanged}
        return DataLoader(items, batch_size=None, **options)

    def _places(self, epoch: int) -> list[tuple[int, int]]:
        return [(epoch, number) for number in range(self.steps_per_epoch)]

    def draw(self, epoch: int, number: int) -> MotionBatch:
        """Draw a batch for all ranks and return this one's part of it.

        Args:
            epoch: its number.
            number: of the batch in its epoch.

        Returns:
            As many segments as are configured, whatever the number of ranks.
        """
        rng = np.random.default_rng([self.seed, epoch, number])
        n_features, n_grids = self.counts
        features = [self._own(feature_batch, rng) for _ in range(n_features)]
        return MotionBatch(features, [self._own(grid_batch, rng) for _ in range(n_grids)])

    def _own(self, draw_segments: Callable, rng: np.random.Generator) -> Any:
        rank, n_ranks = rank_of(self.trainer)
        options = self.drawing[draw_segments]
        n_own = options["size"]
        common = options | {"size": n_own * n_ranks, "rng": rng}
        tensors = draw_segments(self.clips["fit"], **common)
        return tuple(each[rank * n_own : (rank + 1) * n_own] for each in tensors)

    def transfer_batch_to_device(self, batch, device, dataloader_idx: int):
        """Move training batches to the device; clips are moved when they are read."""
        if batch is None or isinstance(batch, MotionClip):
            return batch
        return super().transfer_batch_to_device(batch, device, dataloader_idx)


def _unchanged(item):
    return item


class _Segments(Dataset):
    def __init__(self, data: MotionData) -> None:
        self._data = data

    def __getitem__(self, place: tuple[int, int]) -> MotionBatch:
        return self._data.draw(*place)

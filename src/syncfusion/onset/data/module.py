"""The data of stage 1 as a LightningDataModule: training examples and whole clips."""

from collections.abc import Sequence
from functools import partial

import pytorch_lightning as pl
import torch
from torch.utils.data import DataLoader
from torchvision.transforms import v2

from syncfusion.cores import n_cores
from syncfusion.errors import InputError
from syncfusion.onset.data.batch import OnsetBatch, collate
from syncfusion.onset.data.clips import Clip, open_split
from syncfusion.onset.data.epochs import EpochSampler, seeded_epochs
from syncfusion.onset.data.examples import OnsetExamples, check_examples
from syncfusion.onset.data.frames import FrameSize
from syncfusion.onset.data.ranks import RankSampler, rank_clips
from syncfusion.onset.data.resized import at_size
from syncfusion.onset.data.sampling import Chunks, Windows
from syncfusion.onset.data.splits import Root, check_alike, check_apart, training_clips
from syncfusion.progress import bars
from syncfusion.trainer import n_batches_taken, rank_of

EVALUATED = {"fit": "val", "validate": "val", "test": "test"}  # split of each stage


class OnsetData(pl.LightningDataModule):
    """Training examples from all roots; whole validation and test clips from the first.

    Validation and test clips are never augmented.

    Args:
        roots: folders of processed videos.
        chunks: examples from a regular grid, each once an epoch (published).
        windows: examples from random positions; give exactly one of ``chunks`` and ``windows``.
        target_widening_frames: standard deviation of the Gaussian targets in frames; 0 for one-hot
            labels (published).
        frame_size: pixels of the frames: of the shorter side, or height and width; None for the
            stored size.
        train_frame_size: the same for training, before the transforms; None for ``frame_size``.
        transforms: torchvision transforms of training examples, from uint8 RGB to uint8 RGB.
        data_to_use: fraction of each root's training videos, above 0 and up to 1, drawn once by
            the seed.
        examples_per_epoch: maximum number of examples; None for all chunks, or for as many windows
            as cover the length of all clips.
        batch_size: examples per training step.
        num_workers: processes that read examples, at most one a core; 0 reads in the training
            process.
        keep_resized: whether resized frames are stored beside each video, see
            ``onset.data.resized``.
        seed: of all randomness in the examples.

    Raises:
        InputError: if both or none of ``chunks`` and ``windows`` are given, or a number is out of
            its range.
    """

    def __init__(
        self,
        roots: list[Root],
        chunks: Chunks | None = None,
        windows: Windows | None = None,
        target_widening_frames: float = 0.7,
        frame_size: FrameSize | None = None,
        train_frame_size: FrameSize | None = None,
        transforms: list[v2.Transform] | v2.Transform | None = None,
        data_to_use: float = 1.0,
        examples_per_epoch: int | None = None,
        batch_size: int = 16,
        num_workers: int = 0,
        keep_resized: bool = True,
        seed: int = 0,
    ) -> None:
        super().__init__()
        sampling = chunks or windows
        if sampling is None or (chunks and windows):
            raise InputError("give one of data.chunks and data.windows, and null for the other")
        self.roots = roots
        self.sampling = sampling
        self.target_widening_frames = target_widening_frames
        self.frame_size = frame_size
        self.train_frame_size = frame_size if train_frame_size is None else train_frame_size
        self.transforms = [transforms] if isinstance(transforms, v2.Transform) else transforms or []
        self.data_to_use = data_to_use
        self.examples_per_epoch = examples_per_epoch
        self.batch_size = batch_size
        self.num_workers = min(num_workers, n_cores())
        self.keep_resized = keep_resized
        self.seed = seed
        self.evaluated: dict[str, list[Clip]] = {}
        self._check_settings()

    def _check_settings(self) -> None:
        widening = self.target_widening_frames
        if not self.roots or not 0 < self.data_to_use <= 1 or widening < 0:
            raise InputError(
                f"cannot train with {len(self.roots)} data.roots, data_to_use {self.data_to_use:g} "
                f"and target_widening_frames {widening:g}; give 1 or more roots, above 0 to 1, and "
                "0 or more"
            )
        n_examples = 1 if self.examples_per_epoch is None else self.examples_per_epoch
        if self.batch_size < 1 or n_examples < 1:
            raise InputError(
                f"cannot train with {self.examples_per_epoch} data.examples_per_epoch, "
                f"{self.batch_size} in a batch; give 1 or more of each"
            )
        for size in (self.frame_size, self.train_frame_size):
            if size is not None and min(size if isinstance(size, tuple) else [size]) < 1:
                raise InputError(f"frames cannot be {size} pixels; give sides of 1 or more")
        if isinstance(self.sampling, Chunks) and len({root.weight for root in self.roots}) > 1:
            raise InputError(
                "an epoch of chunks holds each chunk once, whatever the weight of its root; give "
                "data.windows instead of data.chunks, or equal weights"
            )

    def prepare_data(self) -> None:
        """Store resized frames, in one process per machine, before all processes read them."""
        if self.trainer and self.trainer.state.fn:
            self.setup(self.trainer.state.fn.value)

    def setup(self, stage: str) -> None:
        """Open and check the data of a stage, cheap checks first.

        Args:
            stage: "fit", "validate" or "test".

        Raises:
            InputError: if a split or a video cannot be used, or a training clip is also in the
                validation or test split.
        """
        check_apart(self.roots)
        split = EVALUATED[stage]
        evaluated = open_split(self.roots[0].folder, split, raw=stage != "fit")
        if stage == "fit":
            self._set_up_training(evaluated)
        self.evaluated[split] = self._at_size(evaluated, self.frame_size)

    def _set_up_training(self, evaluated: list[Clip]) -> None:
        clips, weights = training_clips(self.roots, fraction=self.data_to_use, seed=self.seed)
        check_alike([*clips, *evaluated])
        draw = partial(self.sampling.epoch, clips, weights, count=self.examples_per_epoch)
        self.sampler = EpochSampler(seeded_epochs(draw, self.seed))
        self.examples = OnsetExamples(
            self._at_size(clips, self.train_frame_size),
            n_frames=self.sampling.n_frames(clips[0].fps),
            target_widening_frames=self.target_widening_frames,
            transforms=self.transforms,
        )
        check_examples(self.examples)

    def _at_size(self, clips: list[Clip], size: FrameSize | None) -> list[Clip]:
        with bars() as progress:
            return at_size(clips, size, keep=self.keep_resized, progress=progress)

    def train_dataloader(self) -> DataLoader:
        """Return batches of examples; an incomplete last batch of an epoch is dropped.

        A resumed training goes on within its epoch; ranks share the batches.
        """
        rank, n_ranks = rank_of(self.trainer)
        sampler: EpochSampler | RankSampler = self.sampler
        if self.trainer is not None:
            n_taken = n_batches_taken(self.trainer) * self.batch_size * n_ranks
            self.sampler.resume(self.trainer.current_epoch, n_taken)
        if n_ranks > 1:
            sampler = RankSampler(self.sampler, self.batch_size, rank, n_ranks)
        return DataLoader(
            self.examples,
            self.batch_size,
            sampler=sampler,
            num_workers=self.num_workers,
            collate_fn=collate,
            pin_memory=torch.cuda.is_available(),
            drop_last=len(self.sampler) >= self.batch_size,
            persistent_workers=self.num_workers > 0,
        )

    def val_dataloader(self) -> DataLoader:
        """Return whole clips, one by one; ranks take turns."""
        return _whole(rank_clips(self.evaluated["val"], *rank_of(self.trainer)))

    def test_dataloader(self) -> DataLoader:
        """Return whole clips, one by one."""
        return _whole(self.evaluated["test"])

    def transfer_batch_to_device(
        self, batch: OnsetBatch | Clip | None, device: torch.device, dataloader_idx: int
    ) -> OnsetBatch | Clip | None:
        """Move training batches to the device; clips stay on disk and are read piece by piece."""
        if batch is None or isinstance(batch, Clip):
            return batch
        return super().transfer_batch_to_device(batch, device, dataloader_idx)


def _whole(clips: Sequence[Clip | None]) -> DataLoader:
    return DataLoader(clips, batch_size=None, collate_fn=lambda clip: clip)  # type: ignore[arg-type]

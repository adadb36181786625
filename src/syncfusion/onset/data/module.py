"""What the onset net is trained on and judged by: examples in batches, and whole clips."""

import os
from functools import partial
from typing import NamedTuple

import pytorch_lightning as pl
import torch
from jaxtyping import Float, UInt8
from torch import Tensor
from torch.utils.data import DataLoader, default_collate
from torchvision.transforms import v2

from syncfusion.errors import InputError
from syncfusion.onset.data.clips import Clip, open_split
from syncfusion.onset.data.examples import OnsetExamples, check_examples
from syncfusion.onset.data.frames import FrameSize
from syncfusion.onset.data.resized import at_size
from syncfusion.onset.data.sampling import Chunks, Visits, Windows
from syncfusion.onset.data.splits import Root, check_alike, check_apart, training_clips
from syncfusion.progress import bars

JUDGED = {"fit": "val", "validate": "val", "test": "test"}  # which split a stage looks at


class OnsetBatch(NamedTuple):
    """Examples and what the net should say about them."""

    frames: UInt8[Tensor, "batch frame height width 3"]
    labels: Float[Tensor, "batch frame"]


class OnsetData(pl.LightningDataModule):
    """Training examples from all roots; validation and test clips, whole, from the first.

    Validation and test are never augmented.

    Args:
        roots: folders of processed videos.
        chunks: cut examples on a grid, each once an epoch (published).
        windows: or take them from anywhere; give one of the two.
        smear_frames: width of the labels' humps in frames; 0 for one-hot labels (published).
        frame_size: pixels of the frames: of the shorter side, or height and width; None for those
            they have.
        train_frame_size: the same for training, before the transforms; None for ``frame_size``.
        transforms: torchvision transforms of training examples, from uint8 RGB to uint8 RGB.
        data_to_use: share of each root's training videos, more than 0 up to 1; drawn once, by the
            seed.
        examples_per_epoch: how many at most; None for every chunk, or for as many windows as would
            cover all clips.
        batch_size: examples per training step.
        num_workers: processes that read examples, at most one a core; 0 reads in the training
            process.
        keep_resized: whether resized frames are kept beside each video; see ``onset.resized``.
        seed: of everything random about the examples.

    Raises:
        InputError: if both or none of ``chunks`` and ``windows`` are given, or a number is out of
            its range.
    """

    def __init__(
        self,
        roots: list[Root],
        chunks: Chunks | None = None,
        windows: Windows | None = None,
        smear_frames: float = 0.7,
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
        self.smear_frames = smear_frames
        self.frame_size = frame_size
        self.train_frame_size = frame_size if train_frame_size is None else train_frame_size
        self.transforms = [transforms] if isinstance(transforms, v2.Transform) else transforms or []
        self.data_to_use = data_to_use
        self.examples_per_epoch = examples_per_epoch
        self.batch_size = batch_size
        self.num_workers = min(num_workers, _n_cores())
        self.keep_resized = keep_resized
        self.seed = seed
        self.judged: dict[str, list[Clip]] = {}
        self._check_settings()

    def _check_settings(self) -> None:
        if not self.roots or not 0 < self.data_to_use <= 1 or self.smear_frames < 0:
            raise InputError(
                f"cannot train with {len(self.roots)} data.roots, data_to_use {self.data_to_use:g} "
                f"and smear_frames {self.smear_frames:g}; they are 1 or more, above 0 to 1 and 0 "
                "or more"
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
        if isinstance(self.sampling, Chunks) and len({root.share for root in self.roots}) > 1:
            raise InputError(
                "chunks are visited once each, whatever the share of their root; give "
                "data.windows instead of data.chunks, or equal shares"
            )

    def prepare_data(self) -> None:
        """Keep resized frames, in one process of a machine, before all of them read."""
        if self.trainer and self.trainer.state.fn:
            self.setup(self.trainer.state.fn.value)

    def setup(self, stage: str) -> None:
        """Open and check all that the stage needs, the cheap things first.

        Args:
            stage: "fit", "validate" or "test".

        Raises:
            InputError: if a split or a video cannot be used, or a training clip also judges.
        """
        check_apart(self.roots)
        split = JUDGED[stage]
        judged = open_split(self.roots[0].folder, split)
        if stage == "fit":
            self._set_up_training(judged)
        self.judged[split] = self._at_size(judged, self.frame_size)

    def _set_up_training(self, judged: list[Clip]) -> None:
        clips, shares = training_clips(self.roots, fraction=self.data_to_use, seed=self.seed)
        check_alike([*clips, *judged])
        draw = partial(self.sampling.epoch, clips, shares, count=self.examples_per_epoch)
        self.visits = Visits(draw, self.seed)
        self.examples = OnsetExamples(
            self._at_size(clips, self.train_frame_size),
            n_frames=self.sampling.n_frames(clips[0].fps),
            smear_frames=self.smear_frames,
            transforms=self.transforms,
        )
        check_examples(self.examples)

    def _at_size(self, clips: list[Clip], size: FrameSize | None) -> list[Clip]:
        with bars() as progress:
            return at_size(clips, size, keep=self.keep_resized, progress=progress)

    def train_dataloader(self) -> DataLoader:
        """Return batches of examples; what is left of an epoch, less than a batch, is dropped."""
        return DataLoader(
            self.examples,
            self.batch_size,
            sampler=self.visits,
            num_workers=self.num_workers,
            collate_fn=_collate,
            pin_memory=torch.cuda.is_available(),
            drop_last=len(self.visits) >= self.batch_size,
            persistent_workers=self.num_workers > 0,
        )

    def val_dataloader(self) -> DataLoader:
        """Return whole clips, one by one."""
        return _whole(self.judged["val"])

    def test_dataloader(self) -> DataLoader:
        """Return whole clips, one by one."""
        return _whole(self.judged["test"])

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
    return OnsetBatch(*default_collate(examples))  # stacks right into memory shared with workers


def _n_cores() -> int:
    """Return how many cores this process may use."""
    everywhere = os.cpu_count() or 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else everywhere

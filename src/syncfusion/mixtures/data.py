"""Batches of random clips for the training of stage 2."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from torch.utils.data import DataLoader, default_collate

from syncfusion.diffusion import DiffusionBatch
from syncfusion.mixtures.mixtures import HitMixtures
from syncfusion.trainer import StatefulDataModule


@dataclass(frozen=True)
class EndlessBatches:
    """Batches of a stream without end; each pass reads ``numbers`` anew.

    Args:
        stream: the clips.
        batch_size: clips in a batch.
        num_workers: worker processes; 0 draws clips in this process.
        numbers: returns the numbers of the batches, without end.
    """

    stream: HitMixtures
    batch_size: int
    num_workers: int
    numbers: Callable[[], Iterator[int]]

    def __iter__(self) -> Iterator[DiffusionBatch]:
        size = self.batch_size
        sampler: Any = (list(range(n * size, (n + 1) * size)) for n in self.numbers())
        yield from DataLoader(
            self.stream,
            batch_sampler=sampler,
            num_workers=self.num_workers,
            collate_fn=default_collate,
        )


class DiffusionData(StatefulDataModule):
    """Random clips for training, and a fixed set of clips for validation.

    A resumed training continues with the batch after its last one; several ranks take turns.

    Args:
        train: stream without end.
        validation: finite stream of clips from other recordings.
        batch_size: clips in a batch.
        num_workers: worker processes; 0 draws clips in this process.
    """

    def __init__(
        self,
        train: HitMixtures,
        validation: HitMixtures,
        batch_size: int = 8,
        num_workers: int = 0,
    ) -> None:
        super().__init__()
        self.train, self.validation = train, validation
        self.batch_size, self.num_workers = batch_size, num_workers

    def train_dataloader(self) -> EndlessBatches:
        """Return the training batches from the current batch number on."""
        return EndlessBatches(
            self.train,
            self.batch_size,
            self.num_workers,
            lambda: itertools.count(self.n_batches * self.n_ranks + self.rank, self.n_ranks),
        )

    def val_dataloader(self) -> DataLoader:
        """Return the validation batches."""
        return DataLoader(self.validation, self.batch_size, collate_fn=default_collate)

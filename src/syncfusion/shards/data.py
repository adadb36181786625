"""Batches of clips from shards, for the training of stage 2."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import torch
from torch.utils.data import DataLoader

from syncfusion.constants import SAMPLE_RATE
from syncfusion.diffusion import DiffusionBatch
from syncfusion.errors import InputError
from syncfusion.shards.access import find_shards
from syncfusion.shards.chunks import Example, Slicing
from syncfusion.shards.prompt_source import PromptSource
from syncfusion.shards.stream import Endless, OnePass, Streaming
from syncfusion.trainer import StatefulDataModule


def collate(examples: Sequence[Example], prompts: PromptSource) -> DiffusionBatch:
    """Stack clips and the stored or computed embeddings of their prompts."""
    size = examples[0].waveform.shape[1]
    return DiffusionBatch(
        torch.stack([example.waveform for example in examples]),
        torch.stack([example.onsets.impulses(SAMPLE_RATE, size) for example in examples]),
        prompts.embed([example.prompt for example in examples]),
        [example.name for example in examples],
        [example.prompt.text for example in examples],
        [example.prompt.sound for example in examples],
    )


@dataclass(frozen=True)
class ClipLoader:
    """Batches of a stream; errors of its workers are one sentence too.

    Prompts without an embedding get theirs in this process: the workers stay small, and the
    encoder can use the GPU.

    Args:
        stream: makes the stream, anew for every pass over the loader.
        batch_size: clips in a batch; the last of one pass may be smaller.
        num_workers: processes that read; 0 reads in this one.
        prompts: where embeddings come from.
    """

    stream: Callable[[], Endless | OnePass]
    batch_size: int
    num_workers: int
    prompts: PromptSource

    def __iter__(self) -> Iterator[DiffusionBatch]:
        loader = DataLoader(
            self.stream(), self.batch_size, num_workers=self.num_workers, collate_fn=list
        )
        try:
            for examples in loader:
                yield collate(examples, self.prompts)
        except InputError as error:  # a worker's message holds its traceback too
            sentence = str(error).strip().rpartition(f"{InputError.__name__}: ")[2]
            raise InputError(sentence) from error


class ShardData(StatefulDataModule):
    """Clips from shards: an endless shuffled stream for training, one pass for the rest.

    A resumed training goes on with the batch after the last one it saw, where the batch size and
    the numbers of workers and ranks are the same.

    Args:
        train: paths or urls of the shards to train on, as ``access.find_shards`` takes them.
        validation: likewise; their clips begin at no random offset.
        test: likewise; None for none.
        encoder: "clap", "compact" or a folder: the prompt encoder that shards must have
            embeddings of, and that embeds every prompt of every step where they have none. None
            takes the embeddings that are there.
        slicing: how recordings become clips.
        streaming: how shards are read.
        batch_size: clips in a batch.
        num_workers: processes that read; 0 reads in the training process.
        back_end: of CLAP: "transformers", or "laion" for the published package.
    """

    def __init__(
        self,
        train: str | Sequence[str],
        validation: str | Sequence[str],
        test: str | Sequence[str] | None = None,
        encoder: str | None = None,
        slicing: Slicing | None = None,
        streaming: Streaming | None = None,
        batch_size: int = 4,
        num_workers: int = 0,
        back_end: str = "transformers",
    ) -> None:
        super().__init__()
        self.urls = {"train": train, "validation": validation, "test": test}
        self.prompts = PromptSource(encoder, back_end)
        self.slicing = slicing or Slicing()
        self.streaming = streaming or Streaming()
        self.batch_size, self.num_workers = batch_size, num_workers

    def train_dataloader(self) -> ClipLoader:
        """Return the endless stream; passed over again, it goes on where training is."""
        stream = Endless(
            shards=self._shards("train"),
            slicing=self.slicing,
            streaming=self.streaming,
            batch_size=self.batch_size,
            rank=self.rank,
            n_ranks=self.n_ranks,
        )
        return self._loader(lambda: replace(stream, first_batch=self.n_batches), self.num_workers)

    def val_dataloader(self) -> ClipLoader:
        """Return one pass over the validation clips."""
        return self._one_pass("validation")

    def test_dataloader(self) -> ClipLoader:
        """Return one pass over the test clips."""
        return self._one_pass("test")

    def _one_pass(self, split: str) -> ClipLoader:
        shards = self._shards(split)
        slicing = replace(self.slicing, shift_augment=False)
        stream = OnePass(shards=shards, slicing=slicing, streaming=self.streaming)
        return self._loader(lambda: stream, min(self.num_workers, len(shards)))

    def _loader(self, stream: Callable[[], Endless | OnePass], num_workers: int) -> ClipLoader:
        return ClipLoader(stream, self.batch_size, num_workers, self.prompts)

    def _shards(self, split: str) -> list[str]:
        urls = self.urls[split]
        if urls is None:
            raise InputError(f"no shards are named for {split}; give data.{split}")
        return find_shards(urls)

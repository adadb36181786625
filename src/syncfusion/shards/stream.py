"""Streams of clips for a DataLoader: endless for training, one pass for the rest."""

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from torch.utils.data import IterableDataset, get_worker_info
from webdataset.filters import shuffle

from syncfusion.errors import InputError
from syncfusion.shards.access import RETRIES, TIMEOUT_SECONDS, Access
from syncfusion.shards.chunks import Example, Slicing, cut_clips
from syncfusion.shards.recording import Faults, read_shard


@dataclass(frozen=True, kw_only=True)
class Streaming:
    """How shards are read.

    Args:
        seed: of all random choices about the clips.
        shuffle_size: clips in each worker's shuffle buffer; about 1.3 MB each.
        clips_per_epoch: clips, over all workers and ranks, after which the shards are shuffled
            again; also the most that is read again when a training is resumed.
        max_faulty: faulty samples that each worker may leave out before the run ends.
        timeout_seconds: longest time without a byte from an address.
        retries: how often in a row a broken connection is tried again, after 1, 2, 4 … s.
        cache: folder that keeps copies of shards at addresses; None to read them anew each time.
        resample: whether every worker of every rank draws its shards at random, with replacement,
            for runs on many ranks: each reads its own clips alone, not those of the others.
        allow_commands: whether shards may be outputs of shell commands (``pipe:``). Off, so that
            the settings of others cannot run commands unnoticed.

    Raises:
        ValueError: if one is out of its range.
    """

    seed: int = 0
    shuffle_size: int = 200
    clips_per_epoch: int = 4096
    max_faulty: int = 3
    timeout_seconds: float = TIMEOUT_SECONDS
    retries: int = RETRIES
    cache: str | Path | None = None
    resample: bool = False
    allow_commands: bool = False

    def __post_init__(self) -> None:
        if min(self.clips_per_epoch, self.shuffle_size) < 1:
            raise ValueError("clips_per_epoch and shuffle_size are 1 or more")
        if min(self.max_faulty, self.retries) < 0 or self.timeout_seconds <= 0:
            raise ValueError("max_faulty and retries are 0 or more, timeout_seconds more than 0")

    @property
    def access(self) -> Access:
        """How shards are opened."""
        return Access(
            timeout_seconds=self.timeout_seconds,
            allow_commands=self.allow_commands,
            retries=self.retries,
            cache=None if self.cache is None else Path(self.cache),
        )


class Reader(NamedTuple):
    """One of the workers that read the same shards; of all ranks, where they are resampled."""

    number: int
    n_readers: int
    resample: bool = False

    def choose(self, shards: Sequence[str], place: str) -> list[str]:
        """Return the shards to read, in a random order that is a function of ``place``.

        Shards are split by worker. Where there are fewer of them than readers, each reads all, in
        an order of its own, so that none is idle. A reader that resamples draws as many as there
        are, with replacement, whatever the others draw.
        """
        order = list(shards)
        if self.resample:
            return random.Random(f"{place}/{self.number}").choices(order, k=len(order))
        random.Random(place).shuffle(order)
        if len(order) >= self.n_readers:
            return order[self.number :: self.n_readers]
        random.Random(f"{place}/{self.number}").shuffle(order)
        return order


@dataclass(frozen=True, kw_only=True, eq=False)
class OnePass(IterableDataset):
    """Every clip of some shards once, in order, and the same ones every time.

    Workers split the shards; ranks do not, so that all of them get the same count. A worker
    without a shard yields nothing.

    Args:
        shards: paths and urls of tars.
        slicing: how recordings become clips.
        streaming: how shards are read.
    """

    shards: Sequence[str]
    slicing: Slicing
    streaming: Streaming

    def __iter__(self) -> Iterator[Example]:
        worker, n_workers = _current_worker()
        settings, faults = self.streaming, Faults(self.streaming.max_faulty)
        for shard in self.shards[worker::n_workers]:
            for recording in read_shard(shard, faults, settings.access):
                rng = random.Random(f"{settings.seed}/{recording.name}")
                yield from cut_clips(recording, self.slicing, rng)


@dataclass(frozen=True, kw_only=True, eq=False)
class Endless(IterableDataset):
    """Shuffled clips without end.

    The stream of batches is a function of the seed, the number of workers and the size of the
    batch of all ranks together; it can begin at any batch. It is made of epochs, each a function of
    its number: shards are shuffled and read, as often as it takes, and clips are mixed on their
    way. Every rank reads the whole stream and keeps its part of each batch: ranks never see the
    same clip, take equally many steps, and see together what one process with their common batch
    size sees. Each decodes the others' clips too, which is cheap beside a training step on few
    ranks. On many, ``streaming.resample`` gives every rank a stream of its own.

    Args:
        shards: paths and urls of tars.
        slicing: how recordings become clips.
        streaming: how shards are read.
        batch_size: clips in a batch of the DataLoader that reads this, on one rank.
        first_batch: batch, counted from the start of the training, to begin at.
        rank: of this process.
        n_ranks: how many there are.
    """

    shards: Sequence[str]
    slicing: Slicing
    streaming: Streaming
    batch_size: int
    first_batch: int = 0
    rank: int = 0
    n_ranks: int = 1

    def __iter__(self) -> Iterator[Example]:
        worker, n_workers = _current_worker()
        # a DataLoader takes a batch of each worker in turn, beginning with worker 0
        turn = (worker + self.first_batch) % n_workers
        resample = self.streaming.resample
        n_sharing, own = (1, 0) if resample else (self.n_ranks, self.rank)
        size = self.batch_size * n_sharing
        n_clips = size * len(range(turn, self.first_batch, n_workers))
        reader = Reader(turn, n_workers)
        if resample:
            n_readers = n_workers * self.n_ranks
            reader = Reader(turn + n_workers * self.rank, n_readers, resample=True)
        n_streams = n_workers * self.n_ranks // n_sharing
        length = max(1, self.streaming.clips_per_epoch // (n_streams * size)) * size
        faults = Faults(self.streaming.max_faulty)
        epoch, skipped = divmod(n_clips, length)
        for number in itertools.count(epoch):
            clips = itertools.islice(self._epoch(number, reader, faults), skipped, length)
            for place, clip in enumerate(clips):
                if place % size // self.batch_size == own:
                    yield clip
            skipped = 0

    def _epoch(self, number: int, reader: Reader, faults: Faults) -> Iterator[Example]:
        rng = random.Random(f"{self.streaming.seed}/{number}/{reader.number}")
        size = self.streaming.shuffle_size
        return shuffle(size, initial=size, rng=rng)(self._laps(number, reader, faults))

    def _laps(self, epoch: int, reader: Reader, faults: Faults) -> Iterator[Example]:
        for lap in itertools.count():
            place, n_clips = f"{self.streaming.seed}/{epoch}/{lap}", 0
            for turn, shard in enumerate(reader.choose(self.shards, place)):
                salt = f"{reader.number}.{turn}" if reader.resample else f"{reader.number}"
                for recording in read_shard(shard, faults, self.streaming.access):
                    rng = random.Random(f"{place}/{salt}/{recording.name}")
                    for clip in cut_clips(recording, self.slicing, rng):
                        n_clips += 1
                        yield clip
            if n_clips == 0:
                raise InputError(
                    f"the shards {', '.join(self.shards)} hold no clip with an audible onset; "
                    "name other shards"
                )


def _current_worker() -> tuple[int, int]:
    worker = get_worker_info()
    return (0, 1) if worker is None else (worker.id, worker.num_workers)

"""The part of the data of stage 1 that each of several ranks takes."""

from collections.abc import Iterator, Sequence

from torch.utils.data import Sampler

from syncfusion.errors import InputError
from syncfusion.onset.data.epochs import EpochSampler, Item
from syncfusion.onset.data.sampling import Segment


class RankSampler(Sampler[Segment]):
    """The segments of one rank: its part of each batch that the ranks have in common.

    Ranks never take the same segment and take equally many; an incomplete last batch is left out.

    Args:
        segments: the epochs of all ranks.
        batch_size: segments in a batch of one rank.
        rank: of this process.
        n_ranks: how many there are.

    Raises:
        InputError: if an epoch has no batch for all ranks.
    """

    def __init__(
        self, segments: EpochSampler[Segment], batch_size: int, rank: int, n_ranks: int
    ) -> None:
        self.segments, self.batch_size, self.rank = segments, batch_size, rank
        self.common_size = batch_size * n_ranks
        if len(segments) < self.common_size:
            raise InputError(
                f"an epoch has {len(segments)} examples, too few for batches of {batch_size} on "
                f"each of {n_ranks} devices; lower data.batch_size or trainer.devices"
            )

    def set_epoch(self, epoch: int) -> None:
        """Select the segments of an epoch; called by Lightning."""
        self.segments.set_epoch(epoch)

    def __len__(self) -> int:
        return len(self.segments) // self.common_size * self.batch_size

    def __iter__(self) -> Iterator[Segment]:
        drawn, size = list(self.segments), self.common_size
        for end in range(size, len(drawn) + 1, size):
            first = end - size + self.rank * self.batch_size
            yield from drawn[first : first + self.batch_size]


def rank_clips(clips: Sequence[Item], rank: int, n_ranks: int) -> list[Item | None]:
    """Return the clips that one rank evaluates.

    Args:
        clips: of all ranks.
        rank: of this process.
        n_ranks: how many there are.

    Returns:
        Equally many for each rank, none of them twice: None where a rank has no clip left. Where
        there are fewer clips than ranks, each rank evaluates all.
    """
    if len(clips) < n_ranks:
        return [*clips]
    own: list[Item | None] = [*clips[rank::n_ranks]]
    return own + [None] * (-(-len(clips) // n_ranks) - len(own))

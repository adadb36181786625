"""The order of training examples: an epoch after the other, each with examples of its own."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import numpy as np
import torch
from torch.utils.data import Sampler

from syncfusion.onset.data.sampling import Segment
from syncfusion.timing import seeded

Item = TypeVar("Item")


class EpochSampler(Sampler[Item]):
    """Yields what is read in each epoch: something new every epoch, the same in every run.

    Args:
        draw: returns what an epoch reads by its number, always as many items.

    Raises:
        InputError: if the clips cannot be sampled that way.
    """

    def __init__(self, draw: Callable[[int], Sequence[Item]]) -> None:
        self.draw = draw
        self.epoch = 0
        self.resumed, self.n_taken = 0, 0
        self.n_items = len(draw(0))

    def set_epoch(self, epoch: int) -> None:
        """Select the items of an epoch; called by Lightning."""
        self.epoch = epoch

    def resume(self, epoch: int, n_taken: int) -> None:
        """Go on within an epoch.

        Args:
            epoch: its number.
            n_taken: items that training has taken of it.
        """
        self.epoch = self.resumed = epoch
        self.n_taken = n_taken

    def __len__(self) -> int:
        return self.n_items

    def __iter__(self) -> Iterator[Item]:
        n_taken = self.n_taken if self.epoch == self.resumed else 0
        yield from self.draw(self.epoch)[n_taken:]


def seeded_epochs(
    draw: Callable[[torch.Generator], list[Segment]], seed: int
) -> Callable[[int], list[Segment]]:
    """Return what draws the segments of an epoch by its number, from a seed of its own.

    Args:
        draw: draws one epoch by a generator.
        seed: of all epochs.

    Returns:
        A function from an epoch's number to its segments.
    """

    def drawn(epoch: int) -> list[Segment]:
        state = np.random.SeedSequence((seed, epoch)).generate_state(1, np.uint64)
        return draw(seeded(int(state[0])))

    return drawn

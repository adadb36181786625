"""The order of training examples: an epoch after the other, each with segments of its own."""

from collections.abc import Callable, Iterator

import numpy as np
import torch
from torch.utils.data import Sampler

from syncfusion.onset.data.sampling import Segment
from syncfusion.timing import seeded


class EpochSampler(Sampler[Segment]):
    """Yields the segments of each epoch: new ones every epoch, the same in every run.

    Args:
        draw: returns the segments of one epoch, of a constant number.
        seed: of all epochs.

    Raises:
        InputError: if the clips cannot be sampled that way.
    """

    def __init__(self, draw: Callable[[torch.Generator], list[Segment]], seed: int) -> None:
        self.draw = draw
        self.seed = seed
        self.epoch = 0
        self.n_taken = 0
        self.n_segments = len(self._drawn())

    def _drawn(self) -> list[Segment]:
        state = np.random.SeedSequence((self.seed, self.epoch)).generate_state(1, np.uint64)
        return self.draw(seeded(int(state[0])))

    def set_epoch(self, epoch: int) -> None:
        """Select the segments of an epoch; called by Lightning."""
        self.epoch = epoch

    def resume(self, epoch: int, n_taken: int) -> None:
        """Go on within an epoch, with the next pass over the segments.

        Args:
            epoch: its number.
            n_taken: segments that training has taken of it.
        """
        self.epoch, self.n_taken = epoch, n_taken

    def __len__(self) -> int:
        return self.n_segments

    def __iter__(self) -> Iterator[Segment]:
        n_taken, self.n_taken = self.n_taken, 0
        yield from self._drawn()[n_taken:]

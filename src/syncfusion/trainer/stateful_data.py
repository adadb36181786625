"""How many batches a training has taken: kept in its checkpoint, so that it can be resumed."""

from typing import Any

import pytorch_lightning as pl

from syncfusion.trainer.ranks import rank_of


class StatefulDataModule(pl.LightningDataModule):
    """Counts the batches its training has taken, those before an interruption included.

    Attributes:
        n_batches: that training has taken.
    """

    def __init__(self) -> None:
        super().__init__()
        self.n_batches = 0

    @property
    def rank(self) -> int:
        """Index of this process among those that train together."""
        return rank_of(self.trainer)[0]

    @property
    def n_ranks(self) -> int:
        """Number of processes, one a device, that train together."""
        return rank_of(self.trainer)[1]

    def on_before_batch_transfer(self, batch: Any, dataloader_idx: int) -> Any:
        """Count a batch of training."""
        if self.trainer is not None and self.trainer.training:
            self.n_batches += 1
        return batch

    def state_dict(self) -> dict[str, int]:
        """Return the number of batches taken."""
        return {"n_batches": self.n_batches}

    def load_state_dict(self, state_dict: dict[str, int]) -> None:
        """Resume the training data after the last batch taken."""
        self.n_batches = state_dict["n_batches"]

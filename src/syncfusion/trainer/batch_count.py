"""How many batches a training has taken: part of its checkpoint, so that a resumed one goes on."""

from typing import Any

import pytorch_lightning as pl


class CountedBatches(pl.LightningDataModule):
    """Data that counts the batches its training takes, over interruptions too.

    Attributes:
        n_batches: that training has taken.
    """

    def __init__(self) -> None:
        super().__init__()
        self.n_batches = 0

    @property
    def rank(self) -> int:
        """Which of the GPUs that train together this one is."""
        return self.trainer.global_rank if self.trainer else 0

    @property
    def n_ranks(self) -> int:
        """How many GPUs train together."""
        return self.trainer.world_size if self.trainer else 1

    def on_before_batch_transfer(self, batch: Any, dataloader_idx: int) -> Any:
        """Count the batches that training takes."""
        if self.trainer is not None and self.trainer.training:
            self.n_batches += 1
        return batch

    def state_dict(self) -> dict[str, int]:
        """Return how far training has read."""
        return {"n_batches": self.n_batches}

    def load_state_dict(self, state_dict: dict[str, int]) -> None:
        """Let the training data go on where they were."""
        self.n_batches = state_dict["n_batches"]

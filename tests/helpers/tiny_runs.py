"""A training of one small layer, for the tests of what both stages share."""

import os
from collections.abc import Callable
from pathlib import Path

import pytorch_lightning as pl
import torch
from torch.utils.data import DataLoader, Dataset

from syncfusion.trainer.resume_point import ResumePoint


class Numbers(Dataset):
    """Examples that depend on their number alone."""

    def __init__(self, first: int, length: int) -> None:
        self.first, self.length = first, length

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, index: int) -> torch.Tensor:
        return torch.randn(3, generator=torch.Generator().manual_seed(self.first + index))


class TinyData(pl.LightningDataModule):
    """Batches of a stream that goes on where a resumed training is."""

    def __init__(self, length: int) -> None:
        super().__init__()
        self.length, self.n_batches = length, 0

    def train_dataloader(self) -> DataLoader:
        return DataLoader(Numbers(self.n_batches, self.length))

    def val_dataloader(self) -> DataLoader:
        return DataLoader(Numbers(1000, 2))

    def on_before_batch_transfer(self, batch: torch.Tensor, dataloader_idx: int) -> torch.Tensor:
        self.n_batches += bool(self.trainer and self.trainer.training)
        return batch

    def state_dict(self) -> dict[str, int]:
        return {"n_batches": self.n_batches}

    def load_state_dict(self, state_dict: dict[str, int]) -> None:
        self.n_batches = state_dict["n_batches"]


class TinyModule(pl.LightningModule):
    """Regression; ``at`` is called with every step and may raise or send a signal."""

    def __init__(self, at: Callable[[int], None] | None = None) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.layer = torch.nn.Linear(3, 1)
        self.at = at

    def training_step(self, batch: torch.Tensor, batch_idx: int) -> torch.Tensor:
        loss = (self.layer(batch) - batch.sum()).square().mean()
        self.log("loss/train", loss, prog_bar=True)
        if self.at is not None:
            self.at(self.trainer.global_step)
        return loss

    def validation_step(self, batch: torch.Tensor, batch_idx: int) -> None:
        self.log("loss/val", self.layer(batch).square().mean())

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.AdamW(self.parameters(), lr=0.1)


def fit(
    folder: Path,
    at: Callable[[int], None] | None = None,
    *,
    steps: int = 6,
    callbacks: tuple[pl.Callback, ...] = (),
    interval_seconds: float = 60.0,
    **options: object,
) -> pl.Trainer:
    """Train in a folder; a run that is there is resumed."""
    trainer = pl.Trainer(
        max_steps=steps,
        max_epochs=-1,
        callbacks=[*callbacks, ResumePoint(str(folder), interval_seconds=interval_seconds)],
        **{
            "default_root_dir": folder,
            "logger": False,
            "accelerator": "cpu",
            "enable_progress_bar": False,
            "enable_model_summary": False,
            "num_sanity_val_steps": 0,
            **options,
        },
    )
    last = folder / "last.ckpt"
    checkpoint = str(last) if last.exists() else None
    trainer.fit(TinyModule(at), TinyData(100), ckpt_path=checkpoint, weights_only=True)
    return trainer


def send(number: int, step: int) -> Callable[[int], None]:
    """Return what sends this process a signal at a step, once."""
    sent: list[int] = []

    def at(now: int) -> None:
        if now == step and not sent:
            sent.append(now)
            os.kill(os.getpid(), number)

    return at

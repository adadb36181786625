"""Progress where there is no terminal: a line a minute; and bars that name steps where there is."""

import logging
import sys
import time
from typing import Any

import pytorch_lightning as pl
from pytorch_lightning.callbacks import TQDMProgressBar

INTERVAL_SECONDS = 60.0

log = logging.getLogger(__name__)


class StepBar(TQDMProgressBar):
    """The bar of a terminal; a training without a number of epochs is described by its step."""

    def on_train_epoch_start(self, trainer: pl.Trainer, *rest: Any) -> None:
        """Begin the bar of an epoch."""
        if trainer.max_epochs not in (None, -1):
            super().on_train_epoch_start(trainer, *rest)
            return
        self.train_progress_bar.reset()
        self.train_progress_bar.set_description(f"from step {trainer.global_step}")


class ProgressLines(pl.Callback):
    """Logs a line a minute: step, of how many, loss, speed, time left.

    Args:
        interval_seconds: between two lines.
    """

    def __init__(self, interval_seconds: float = INTERVAL_SECONDS) -> None:
        self.interval_seconds = interval_seconds
        self.started_at = self.shown_at = 0.0
        self.first_step = 0

    def on_train_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Begin to count."""
        self.started_at = self.shown_at = time.monotonic()
        self.first_step = trainer.global_step

    def on_train_batch_end(self, trainer: pl.Trainer, *rest: Any) -> None:
        """Log a line where it is time to."""
        now = time.monotonic()
        if trainer.is_global_zero and now - self.shown_at >= self.interval_seconds:
            self.shown_at = now
            log.info(self._line(trainer, now))

    def on_validation_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Log the loss of a validation."""
        loss = trainer.callback_metrics.get("loss/val")
        if trainer.is_global_zero and not trainer.sanity_checking and loss is not None:
            log.info("step %d: validation loss %.4g", trainer.global_step, float(loss))

    def on_train_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Log how far the training came."""
        if trainer.is_global_zero:
            log.info("%s, done", self._line(trainer, time.monotonic()))

    def _line(self, trainer: pl.Trainer, now: float) -> str:
        step, total = trainer.global_step, n_steps(trainer)
        speed = (step - self.first_step) / max(now - self.started_at, 1e-9)
        loss = trainer.callback_metrics.get("loss/train")
        parts = [f"step {step}" + (f" of {total}" if total else "")]
        parts += [] if loss is None else [f"loss {float(loss):.4g}"]
        parts += [f"{speed:.3g} steps/s"]
        if total and speed > 0 and step < total:
            parts.append(f"{duration((total - step) / speed)} left")
        return ", ".join(parts)


def progress_callbacks(shown: bool) -> list[pl.Callback]:
    """Return what shows the progress of a training.

    Args:
        shown: whether it is to be shown at all.

    Returns:
        A bar in a terminal, else a callback that logs a line a minute; nothing where it is not
        shown.
    """
    if not shown:
        return []
    return [StepBar() if sys.stderr.isatty() else ProgressLines()]


def n_steps(trainer: pl.Trainer) -> int | None:
    """Return how many optimiser steps a training has, None where it has no end."""
    if trainer.max_steps > 0:
        return trainer.max_steps
    planned = trainer.estimated_stepping_batches
    return int(planned) if planned < float("inf") else None


def duration(seconds: float) -> str:
    """Return a time as hours, minutes and seconds."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"

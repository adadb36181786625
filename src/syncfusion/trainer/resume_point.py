"""The checkpoint a training is resumed from: written every minute, and where a signal stops it."""

import logging
import os
import signal
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Any

import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import Checkpoint

from syncfusion.command import Stopped
from syncfusion.errors import InputError
from syncfusion.trainer.boundary import Boundary, boundary_of
from syncfusion.trainer.csv_logger import RunLogger
from syncfusion.trainer.epochs import begin_next_epoch
from syncfusion.trainer.random_state import RandomState, set_random_state
from syncfusion.trainer.slurm import is_requeue_signal, requeue_job
from syncfusion.trainer.whole_checkpoints import WholeCheckpoints

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1")  # the last one is SLURM's before preemption
NAME = "last.ckpt"

log = logging.getLogger(__name__)


class ResumePoint(Checkpoint):
    """Writes ``last.ckpt`` between two steps: by time, by steps, at the end and when stopped.

    The first of Ctrl-C, SIGTERM, SIGHUP and SIGUSR1 lets the step end, saves and stops; a second
    one stops at once. A run that SLURM started is queued again after its requeue signal. A
    training that is resumed from a point after a step ends with the weights of an unbroken one.

    Args:
        folder: of the checkpoint.
        interval_seconds: training time that may be lost, at most.
        every_n_train_steps: optimiser steps after which it is written as well; None for never.
    """

    def __init__(
        self, folder: str, interval_seconds: float = 60.0, every_n_train_steps: int | None = None
    ) -> None:
        self.path = Path(folder) / NAME
        self.interval_seconds, self.every_n_train_steps = interval_seconds, every_n_train_steps
        self.saved_step, self.saved_at = -1, time.monotonic()
        self.requested = 0  # number of the signal that stops the training
        self.boundary: Boundary | None = None
        self.resumed: RandomState | None = None
        self.updating = False  # whether the optimiser changes the weights

    def state_dict(self) -> dict[str, Any]:
        """Return the random state after the last step."""
        return {} if self.boundary is None else {"random": self.boundary.random}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Draw as after the last step; a checkpoint of older code has no such state."""
        self.resumed = state_dict.get("random")

    def setup(self, trainer: pl.Trainer, pl_module: pl.LightningModule, stage: str) -> None:
        """Let this and every other checkpoint of the run take its name when it is whole."""
        trainer.strategy.checkpoint_io = WholeCheckpoints()

    def on_train_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Catch signals from here on; Lightning sets the old handlers again afterwards."""
        begin_next_epoch(trainer)
        if self.resumed is not None:
            set_random_state(self.resumed)
        self.saved_step, self.saved_at = trainer.global_step, time.monotonic()
        self._note(trainer)
        for logger in trainer.loggers:
            if isinstance(logger, RunLogger):
                logger.resume_at(trainer.global_step)
        if threading.current_thread() is not threading.main_thread():
            return
        for name in SIGNALS:
            number = getattr(signal, name, None)  # not everywhere
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._request)

    def on_train_batch_start(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, batch: Any, batch_idx: int
    ) -> None:
        """Let logs count optimiser steps: after a resumed epoch's end Lightning is one ahead."""
        trainer.fit_loop.epoch_loop._batches_that_stepped = trainer.global_step

    def on_before_optimizer_step(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, optimizer: torch.optim.Optimizer
    ) -> None:
        """Note that weights change from here to the end of the step."""
        self.updating = True

    def on_train_batch_end(self, trainer: pl.Trainer, *rest: Any) -> None:
        """Save between two steps; where a validation or an epoch's end follows, after that."""
        loop = trainer.fit_loop.epoch_loop
        if loop._should_accumulate():
            return
        self._note(trainer)
        follows = loop._num_ready_batches_reached() or loop._should_check_val_fx(
            trainer.fit_loop._data_fetcher  # type: ignore[arg-type]
        )
        if not follows:
            self._keep(trainer, logs=True)

    def on_validation_batch_end(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, *rest: Any
    ) -> None:
        """Stop within a validation, which the resumed run does again."""
        if self.requested and trainer.world_size == 1:
            self._stop(trainer, self.requested)

    def on_validation_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Save after a validation, when the best checkpoint is known."""
        if not trainer.sanity_checking and trainer.state.fn == "fit":
            self._note(trainer)
            if not trainer.fit_loop.epoch_loop._should_accumulate():
                self._keep(trainer)

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Save at the end of an epoch, and so of the training.

        Where the training ends within an epoch, at ``max_steps`` or by early stopping, the
        boundary stays that of its last step: with more steps it goes on there.
        """
        if trainer.fit_loop.epoch_loop._num_ready_batches_reached():
            self._note(trainer)
        self._keep(trainer, due=trainer.global_step != self.saved_step)

    def on_exception(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, exception: BaseException
    ) -> None:
        """Save where training was before the step that failed.

        Left out after bad input, such as a loss that is no number, where a validation has swapped
        the weights, and in the middle of an optimiser's step.
        """
        spoilt = self.updating or isinstance(exception, InputError)
        if self.boundary is None or spoilt or not trainer.training or trainer.world_size > 1:
            return
        if self.saved_step == trainer.global_step or self.boundary.step != trainer.global_step:
            return
        try:
            self._write(trainer, self.boundary)
        except OSError as error:
            log.warning("%s cannot be written: %s", self.path, error.strerror or error)

    @property
    def _beside(self) -> Path:
        return self.path.with_name(f".{NAME}")

    def _request(self, number: int, frame: FrameType | None) -> None:
        if self.requested:
            raise Stopped(number)
        self.requested = number

    def _note(self, trainer: pl.Trainer) -> None:
        self.updating = False
        self.boundary = boundary_of(trainer)

    def _keep(self, trainer: pl.Trainer, due: bool = False, logs: bool = False) -> None:
        """Save if it is time to or a signal came, on any rank; stop after a signal."""
        every = self.every_n_train_steps
        due |= time.monotonic() - self.saved_at >= self.interval_seconds
        due |= every is not None and trainer.global_step >= self.saved_step + every
        number, due = _agreed(trainer, self.requested, due)
        if number and logs:  # what Lightning logs after the step only
            trainer._logger_connector.on_batch_end()
            trainer._logger_connector.update_train_step_metrics()
        if due or (number and trainer.global_step != self.saved_step):
            self._save(trainer)
        if number:
            self._stop(trainer, number)

    def _write(self, trainer: pl.Trainer, boundary: Boundary) -> None:
        content = boundary.content(trainer)
        trainer.strategy.save_checkpoint(content, self._beside)
        trainer.strategy.barrier("ResumePoint")
        if trainer.is_global_zero:
            os.replace(self._beside, self.path)

    def _save(self, trainer: pl.Trainer) -> None:
        if self.boundary is not None:
            self._write(trainer, self.boundary)
        for logger in trainer.loggers:
            logger.save()
        self.saved_step, self.saved_at = trainer.global_step, time.monotonic()

    def _stop(self, trainer: pl.Trainer, number: int) -> None:
        if self.path.is_file():
            log.warning("stopped; step %d is saved in %s", self.saved_step, self.path)
        if trainer.is_global_zero and is_requeue_signal(trainer, number):
            requeue_job()
        raise Stopped(number)


def _agreed(trainer: pl.Trainer, number: int, due: bool) -> tuple[int, bool]:
    """Return the same decision on all ranks: that of any of them."""
    if trainer.world_size == 1:
        return number, due
    both = torch.tensor([number, due], dtype=torch.float32, device=trainer.strategy.root_device)
    both = trainer.strategy.reduce(both, reduce_op="max")
    return int(both[0]), bool(both[1])

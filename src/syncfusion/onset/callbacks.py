"""What training watches for."""

import pytorch_lightning as pl
from torch import Tensor

from syncfusion.errors import InputError

VALIDATION_LOSS = "loss/val"


class FiniteLoss(pl.Callback):
    """Stops training where a loss is no number: before the step that would spoil the weights."""

    def on_before_backward(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, loss: Tensor
    ) -> None:
        """Check the loss of a step."""
        check_finite(loss, trainer.global_step)

    def on_validation_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Check the loss of the validation split."""
        check_finite(trainer.callback_metrics[VALIDATION_LOSS], trainer.global_step)


def check_finite(loss: Tensor, step: int) -> None:
    """Refuse a loss that is no number.

    Args:
        loss: one value.
        step: after so many steps.

    Raises:
        InputError: naming the step.
    """
    if not loss.isfinite():
        raise InputError(
            f"the loss at step {step} is {loss.item():g}; go on from the last checkpoint "
            "(--ckpt_path last) with a lower learning rate or full precision "
            "(--trainer.precision 32-true)"
        )

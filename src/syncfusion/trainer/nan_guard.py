"""A training stops where its loss is no number; its last checkpoint stays good."""

import pytorch_lightning as pl
from torch import Tensor

from syncfusion.errors import InputError

VALIDATION_LOSS = "loss/val"
VALIDATION_SCORES = "val/"  # what the names of other metrics of the split begin with


class NanGuard(pl.Callback):
    """Stops training where a loss is not finite, before the step that would spoil the weights.

    Args:
        advice: how to resume from the last checkpoint.
    """

    def __init__(self, advice: str) -> None:
        self.advice = advice

    def on_before_backward(
        self, trainer: pl.Trainer, pl_module: pl.LightningModule, loss: Tensor
    ) -> None:
        """Check the loss of a step."""
        check_finite(loss, "loss", trainer.global_step, self.advice)

    def on_validation_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Check the loss of the validation split, where one is logged."""
        logged = trainer.callback_metrics
        if not any(name.startswith((VALIDATION_LOSS, VALIDATION_SCORES)) for name in logged):
            raise InputError("the validation data hold no clip; name other data")
        if VALIDATION_LOSS in logged:
            check_finite(logged[VALIDATION_LOSS], "loss", trainer.global_step, self.advice)


def check_finite(value: Tensor, name: str, step: int, advice: str) -> None:
    """Refuse a value that is not finite.

    Args:
        value: one value.
        name: what it is.
        step: optimiser steps that were taken before it.
        advice: what to do then.

    Raises:
        InputError: naming the step.
    """
    if not value.isfinite():
        raise InputError(f"the {name} at step {step} is {value.item():g}; {advice}")

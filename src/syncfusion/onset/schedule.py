"""The one-cycle learning rate: it depends on how many steps are planned."""

import logging
import math
from collections.abc import Sequence
from typing import Any

import pytorch_lightning as pl
from torch.optim import Optimizer
from torch.optim.lr_scheduler import OneCycleLR

from syncfusion.errors import InputError

log = logging.getLogger(__name__)

SHORTEST = 1e-6  # steps of a warm-up; PyTorch divides by its length


def one_cycle(
    module: pl.LightningModule, optimizer: Optimizer, rates: Sequence[float], warm_up: float
) -> dict[str, Any]:
    """Return an optimiser with one cycle over the whole training, as Lightning reads them.

    Args:
        module: that is trained.
        optimizer: whose rates follow the cycle.
        rates: its peak for each group of parameters.
        warm_up: fraction of the steps before the peak.

    Returns:
        Both by Lightning's names, the schedule to be advanced after every step.

    Raises:
        InputError: if the training has no end, or no step.
    """
    planned = module.trainer.estimated_stepping_batches
    if not 1 <= planned < math.inf:
        raise InputError(
            f"a one-cycle schedule cannot span {planned:g} steps; set trainer.max_steps or "
            "trainer.max_epochs to 1 or more"
        )
    steps = int(planned)
    if abs(warm_up * steps - 1) < SHORTEST:
        warm_up = (1 + SHORTEST) / steps
    cycle = OneCycleLR(optimizer, list(rates), total_steps=steps, pct_start=warm_up)
    return {"optimizer": optimizer, "lr_scheduler": {"scheduler": cycle, "interval": "step"}}


def check_schedule(module: pl.LightningModule) -> None:
    """Check that a schedule lasts as long as the training; warn where it lasts longer.

    Args:
        module: at the start of training; any other schedule than one cycle, or none, passes.

    Raises:
        InputError: if the schedule of a resumed run ends before the training, naming both.
    """
    cycle, planned = module.lr_schedulers(), module.trainer.estimated_stepping_batches
    if not isinstance(cycle, OneCycleLR) or cycle.total_steps == planned:
        return
    if cycle.total_steps < planned:
        raise InputError(
            f"the schedule of the run to resume ends at step {cycle.total_steps}, before the "
            f"{planned} steps planned; plan no more, or start anew from its weights with --init"
        )
    log.warning(
        "the learning rate keeps the one-cycle schedule of %d steps that the run began with, "
        "though training now ends at step %d",
        cycle.total_steps,
        planned,
    )

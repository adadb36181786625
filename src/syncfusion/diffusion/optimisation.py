"""The optimiser of the diffusion model and its learning-rate schedule."""

from collections.abc import Mapping, Sequence
from typing import Any

from torch import nn
from torch.optim import AdamW
from torch.optim.lr_scheduler import OneCycleLR

from syncfusion.errors import InputError

FUSING = ("cuda", "cpu")  # devices that have a fused AdamW

ADVICE = (
    "run it again with a lower training.learning_rate or trainer.precision=32-true; "
    "it resumes from its last checkpoint"
)


def optimisation(parameters: Sequence[nn.Parameter], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return AdamW and, for "one-cycle", its schedule, in the form that Lightning takes.

    Args:
        parameters: what is trained.
        settings: the arguments of ``DiffusionTraining`` by name.

    Returns:
        The optimiser, and a schedule that is advanced after every step.
    """
    names = ("learning_rate", "betas", "eps", "weight_decay", "fused")
    optimizer = adamw(parameters, **{name: settings[name] for name in names})
    if settings["schedule"] == "constant":
        return {"optimizer": optimizer}
    cycle = {name: settings[name] for name in ("warmup_steps", "total_steps")}
    schedule = one_cycle(optimizer, settings["learning_rate"], **cycle)
    return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}


def adamw(
    parameters: Sequence[nn.Parameter],
    *,
    learning_rate: float,
    betas: Sequence[float],
    eps: float,
    weight_decay: float,
    fused: bool,
) -> AdamW:
    """Return AdamW for all parameters.

    Args:
        parameters: what is trained.
        learning_rate: its learning rate.
        betas: its two betas.
        eps: its epsilon.
        weight_decay: its weight decay.
        fused: whether it steps in one kernel, on devices that support it.

    Returns:
        The optimiser.
    """
    fusing = fused and all(parameter.device.type in FUSING for parameter in parameters)
    first, second = betas
    return AdamW(
        parameters,
        lr=learning_rate,
        betas=(first, second),
        eps=eps,
        weight_decay=weight_decay,
        fused=fusing or None,
    )


def one_cycle(optimizer: AdamW, peak: float, *, warmup_steps: int, total_steps: int) -> OneCycleLR:
    """Return a learning rate that rises from a tenth of its peak, then falls to a tenth by cosine.

    Args:
        optimizer: whose learning rate it is.
        peak: the greatest learning rate.
        warmup_steps: steps over which it rises, at most 30 % of all.
        total_steps: length of the schedule, in steps.

    Returns:
        The schedule, to be advanced after every step.
    """
    return OneCycleLR(
        optimizer,
        peak,
        total_steps=total_steps + 1,
        pct_start=min(0.3, warmup_steps / total_steps),
        cycle_momentum=False,
        div_factor=10,
        final_div_factor=1,
    )


def check_schedule(schedule: OneCycleLR, n_steps: int) -> None:
    """Refuse a training that is longer than its schedule.

    Args:
        schedule: of the run, which a resumed one brings with it.
        n_steps: steps that are to be trained in all.

    Raises:
        InputError: if the schedule ends before them.
    """
    if schedule.total_steps <= n_steps:
        raise InputError(
            f"the schedule of the run to resume ends at step {schedule.total_steps - 1}, "
            f"before steps={n_steps}; train no longer, "
            "or start anew from its weights with init="
        )

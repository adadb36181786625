"""The settings of a training of stage 2, checked key by key."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytorch_lightning as pl

from syncfusion.diffusion import DiffusionTraining, DistillationConfig
from syncfusion.published import check_metric
from syncfusion.training.typed import check_settings

LEFT_TO_THE_MACHINE = ("precision", "strategy")  # of the trainer, where they are None


@dataclass(frozen=True, kw_only=True)
class DiffusionSettings:
    """A configuration of ``exp/train_*.yaml``, composed.

    Args:
        seed: of weights, data and noise.
        steps: of the optimiser.
        output: folder of the run; a run that is there is resumed.
        init: checkpoint or folder whose weights a new run starts from, "compact" for the bundled
            preset; None for random ones.
        ckpt: checkpoint to resume from; None for the last one in ``output``.
        activation_checkpointing: number of outermost stages of the U-Net that it applies to.
        compile: whether to compile the nets.
        model: configuration of the model.
        data: a data module, or ``MixtureSettings``.
        trainer: arguments of Lightning's trainer; some may be None, see ``build_trainer``.
        logger: a logger, or nothing for none.
        callbacks: by name; None leaves one out.
        training: arguments of ``DiffusionTraining``.
        prompt: folder of the prompt encoder, for mixtures.
        distillation: arguments of ``DistillationConfig``, for a student of few steps.
    """

    seed: int
    steps: int
    output: str
    init: str | None
    ckpt: str | None
    activation_checkpointing: int
    compile: bool
    model: Mapping[str, Any]
    data: Mapping[str, Any]
    trainer: Mapping[str, Any]
    logger: Mapping[str, Any]
    callbacks: Mapping[str, Mapping[str, Any] | None]
    training: Mapping[str, Any]
    prompt: str | None = None
    distillation: Mapping[str, Any] | None = None


def read_settings(config: Mapping[str, Any]) -> DiffusionSettings:
    """Check every key and type of a composed configuration.

    Args:
        config: plain values.

    Returns:
        The same, typed.

    Raises:
        InputError: naming a key that is unknown or of another type, and what is allowed.
    """
    check_settings(config, DiffusionSettings, "")
    settings = DiffusionSettings(**config)
    left = {name for name in LEFT_TO_THE_MACHINE if settings.trainer.get(name) is None}
    given = {name: each for name, each in settings.trainer.items() if name not in left}
    check_settings(given, pl.Trainer, "trainer")
    check_settings(settings.training, DiffusionTraining, "training")
    check_settings(settings.distillation or {}, DistillationConfig, "distillation")
    check_settings(settings.callbacks, _any_callbacks, "callbacks")
    for name, each in settings.callbacks.items():
        monitored = (each or {}).get("monitor")
        check_metric(monitored, DiffusionTraining.metrics, f"callbacks.{name}.monitor")
    return settings


def _any_callbacks(**callbacks: Mapping[str, Any] | None) -> None:
    """Take callbacks of any name."""

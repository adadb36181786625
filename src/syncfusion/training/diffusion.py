"""Training of stage 2, the sound of given onsets and prompt, as ``exp/`` configures it."""

import logging
import os
import sys
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
import torch
import yaml

from syncfusion.checkpoint import load_diffusion
from syncfusion.device import bfloat16_is_fast, find_device
from syncfusion.diffusion import (
    ADVICE,
    DiffusionModel,
    DiffusionTraining,
    DistillationConfig,
    MdctFrontEnd,
    SoundModel,
    Teacher,
    build_model,
)
from syncfusion.errors import InputError
from syncfusion.media import temporary_sibling
from syncfusion.places import PRESETS
from syncfusion.trainer import NanGuard, lightning_outcome, progress_callbacks, rank_settings
from syncfusion.training.data_hashes import shard_hashes
from syncfusion.training.diffusion_settings import DiffusionSettings, read_settings
from syncfusion.training.mixtures import MixtureSettings, mixture_data
from syncfusion.training.run_record import check_run, describe_run, log_run, write_record
from syncfusion.training.typed import build

FITTING_CLIPS = 64  # that the MDCT front end is fitted to

log = logging.getLogger(__name__)


def train_diffusion(config: Mapping[str, Any]) -> pl.Trainer:
    """Train, or resume the run that is there.

    Args:
        config: plain values, as ``composition.compose`` returns them.

    Returns:
        The trainer, whose training is over.

    Raises:
        InputError: if a setting, the data or a checkpoint cannot be used, or the loss is no number.
    """
    settings = read_settings(config)
    with lightning_outcome():
        pl.seed_everything(settings.seed, workers=True)
        checkpoint = find_checkpoint(settings)
        record = describe_run(config, shard_hashes(settings.data))
        if checkpoint is not None:
            check_run(settings.output, record)
        trainer = build_trainer(settings)
        data = build_data(settings)
        model = build_model(build(settings.model))
        if checkpoint is None:
            fit_front_end(model, data, settings.data["batch_size"])
            if settings.init is not None:
                start_from(model, settings.init)
        spend_less(model, settings.activation_checkpointing, compiled=settings.compile)
        training = DiffusionTraining(model, **settings.training)
        training.teacher = read_teacher(settings)
        if trainer.is_global_zero:
            _write(config, Path(settings.output) / "config.yaml")
            write_record(settings.output, record)
        log_run(trainer, record, checkpoint)
        trainer.fit(training, data, ckpt_path=checkpoint, weights_only=True)
    return trainer


def build_data(settings: DiffusionSettings) -> pl.LightningDataModule:
    """Make the data module: shards, or mixtures of their hits."""
    data = build(settings.data)
    if not isinstance(data, MixtureSettings):
        return data
    if settings.prompt is None:
        raise InputError("mixtures need a prompt encoder; name its folder by prompt=")
    return mixture_data(data, settings.prompt, settings.seed)


def start_from(model: SoundModel, checkpoint: str) -> None:
    """Copy trained weights into a model; parts the checkpoint does not have stay as they are."""
    weights = load_diffusion(weights_named(checkpoint)).state_dict()
    missing, unexpected = model.load_state_dict(weights, strict=False)
    if unexpected:
        raise InputError(
            f"{checkpoint} holds {unexpected[0]}; choose the model it was trained with"
        )
    log.info("%s: %d tensors are new: %s", checkpoint, len(missing), ", ".join(missing[:4]))


def read_teacher(settings: DiffusionSettings) -> Teacher | None:
    """Load what ``distillation`` names; None where it names nothing."""
    if settings.distillation is None:
        return None
    try:
        config = DistillationConfig(**settings.distillation)
    except ValueError as error:
        raise InputError(str(error)) from error
    return Teacher(load_diffusion(weights_named(config.teacher)), config)


def weights_named(checkpoint: str) -> str | Path:
    """Return the folder or file of some weights, "compact" being the bundled preset."""
    return PRESETS / checkpoint if checkpoint == "compact" else checkpoint


def fit_front_end(model: SoundModel, data: pl.LightningDataModule, batch_size: int) -> None:
    """Scale an MDCT front end to the first training clips."""
    if isinstance(model.front_end, MdctFrontEnd):
        batches = islice(iter(data.train_dataloader()), -(-FITTING_CLIPS // batch_size))
        model.front_end.fit([clip[None] for batch in batches for clip in batch.waveform])


def spend_less(model: SoundModel, n_checkpointed: int, *, compiled: bool) -> None:
    """Recompute activations of some stages to save memory, and compile to save time, if set."""
    if not n_checkpointed and not compiled:
        return
    if not isinstance(model, DiffusionModel):
        raise InputError(
            "activation_checkpointing and compile are for our own model; leave them out"
        )
    model.unet.checkpoint_activations(n_checkpointed)
    if compiled:
        model.unet.compile()
        model.onset_encoder.compile()


def build_callbacks(settings: DiffusionSettings, device: torch.device) -> list[pl.Callback]:
    """Make the callbacks; averaged weights are kept beside the model, not on the CPU."""
    chosen = {name: dict(each) for name, each in settings.callbacks.items() if each is not None}
    if "average" in chosen and chosen["average"].get("device") is None:
        chosen["average"]["device"] = device.type
    progress = progress_callbacks(settings.trainer["enable_progress_bar"])
    return [NanGuard(ADVICE), *map(build, chosen.values()), *progress]


def build_trainer(settings: DiffusionSettings) -> pl.Trainer:
    """Make the trainer; a precision or strategy of None is chosen by the machine."""
    chosen = dict(settings.trainer)
    accelerator = chosen["accelerator"]
    device = find_device("auto" if accelerator == "gpu" else accelerator)
    if chosen["precision"] is None:
        chosen["precision"] = "bf16-mixed" if bfloat16_is_fast(device) else "32-true"
    chosen |= rank_settings(chosen, device, os.environ)
    chosen["enable_progress_bar"] &= sys.stderr.isatty()
    logger = build(settings.logger) or False
    return pl.Trainer(callbacks=build_callbacks(settings, device), logger=logger, **chosen)


def find_checkpoint(settings: DiffusionSettings) -> str | None:
    """Return the checkpoint to resume from, None for a new run."""
    if settings.ckpt is None:
        last = Path(settings.output) / "checkpoints" / "last.ckpt"
        return str(last) if last.exists() else None
    if not Path(settings.ckpt).is_file():
        raise InputError(f"there is no checkpoint {settings.ckpt}; check the path in ckpt=")
    return settings.ckpt


def _write(config: Mapping[str, Any], path: Path) -> None:
    with temporary_sibling(path) as temporary:
        temporary.write_text(yaml.safe_dump(dict(config), sort_keys=False), encoding="utf-8")

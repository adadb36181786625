"""Train stage 2, the sound of given onsets and prompt, as ``exp/`` says; resumes where it ended."""

import logging
import os
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import hydra
import pytorch_lightning as pl
import torch
from dotenv import load_dotenv
from hydra.errors import HydraException
from hydra.utils import instantiate
from omegaconf import DictConfig, ListConfig
from omegaconf.errors import OmegaConfBaseException
from pytorch_lightning.utilities.exceptions import MisconfigurationException

from syncfusion.checkpoint import load_diffusion
from syncfusion.constants import SAMPLE_RATE
from syncfusion.device import bfloat16_is_fast, find_device
from syncfusion.diffusion import (
    ADVICE,
    DiffusionModel,
    DiffusionTraining,
    MdctFrontEnd,
    SoundModel,
    build_model,
)
from syncfusion.errors import InputError
from syncfusion.hits import cut_hits
from syncfusion.media import Waveform
from syncfusion.mixtures import DiffusionData, HitGroup, HitMixtures, group_hits
from syncfusion.options import BAD_INPUT
from syncfusion.prompt import CompactPromptEncoder, draw_text, parse_label
from syncfusion.shards import read_recordings
from syncfusion.trainer import FiniteLoss

FITTING_CLIPS = 64  # that the MDCT front end is fitted to

log = logging.getLogger(__name__)


def read_groups(shards: list[str], encoder: CompactPromptEncoder) -> list[HitGroup]:
    """Cut the hits of some shards, embed and group them."""
    hits = [
        hit
        for recording in read_recordings(shards)
        for hit in cut_hits(recording.waveform, recording.track, recording.name)
    ]
    return group_hits(
        hits,
        lambda hits: encoder.embed_sounds([Waveform(h.samples[None], SAMPLE_RATE) for h in hits]),
    )


def build_stream(
    config: DictConfig, sets: ListConfig, length: int | None, encoder: CompactPromptEncoder
) -> HitMixtures:
    """Make the stream of random clips from one or more sets of shards, each with its share."""
    groups, weights = [], []
    for part in sets:
        found = read_groups(list(part.shards), encoder)
        groups += found
        weights += [part.share / len(found)] * len(found)
    mixture = instantiate(config.data.mixture)
    embed = encoder.embed_texts
    return HitMixtures(groups, weights, mixture, embed, write_prompt, config.seed, length)


def write_prompt(label: str, chance: random.Random) -> str:
    """Write a text prompt for a label."""
    return draw_text(parse_label(label), chance)


def build_data(config: DictConfig) -> pl.LightningDataModule:
    """Make the data: what ``data._target_`` says, or else mixtures of hits."""
    if "_target_" in config.data:
        return instantiate(config.data)
    encoder = CompactPromptEncoder.load(config.prompt)
    return DiffusionData(
        build_stream(config, config.data.train, None, encoder),
        build_stream(config, config.data.validation, config.data.validation_clips, encoder),
        config.data.batch_size,
        config.data.num_workers,
    )


def start_from(model: SoundModel, checkpoint: str) -> None:
    """Copy trained weights into a model; parts the checkpoint does not have stay as they are."""
    missing, unexpected = model.load_state_dict(
        load_diffusion(checkpoint).state_dict(), strict=False
    )
    if unexpected:
        raise InputError(f"{checkpoint} holds {unexpected[0]}, which this model has no place for")
    log.info("%s: %d tensors are new: %s", checkpoint, len(missing), ", ".join(missing[:4]))


def fit_front_end(model: SoundModel, data: pl.LightningDataModule, batch_size: int) -> None:
    """Scale an MDCT front end to the first training clips."""
    if isinstance(model.front_end, MdctFrontEnd):
        batches = islice(iter(data.train_dataloader()), -(-FITTING_CLIPS // batch_size))
        model.front_end.fit([clip[None] for batch in batches for clip in batch.waveform])


def economise(model: SoundModel, config: DictConfig) -> None:
    """Trade time for memory and a slow start for speed, as asked."""
    if not config.activation_checkpointing and not config.compile:
        return
    if not isinstance(model, DiffusionModel):
        raise InputError(
            "activation_checkpointing and compile are for our own model; leave them out"
        )
    model.unet.checkpoint_activations(config.activation_checkpointing)
    if config.compile:
        model.unet.compile()
        model.onset_encoder.compile()


def build_callbacks(config: DictConfig, device: torch.device) -> list[pl.Callback]:
    """Make the callbacks; averaged weights are kept beside the model, not on the CPU."""
    average = config.callbacks.average
    if average is not None and average.device is None:
        average.device = device.type
    chosen = [callback for callback in config.callbacks.values() if callback is not None]
    return [FiniteLoss(ADVICE), *map(instantiate, chosen)]


def build_trainer(config: DictConfig) -> pl.Trainer:
    """Make the trainer, with what depends on the machine filled in."""
    settings: dict[str, Any] = instantiate(config.trainer, _convert_="all")
    accelerator = settings["accelerator"]
    device = find_device("auto" if accelerator == "gpu" else accelerator)
    if settings["precision"] is None:
        settings["precision"] = "bf16-mixed" if bfloat16_is_fast(device) else "32-true"
    if settings["strategy"] is None:
        several = settings["devices"] not in (1, "1") and torch.cuda.device_count() > 1
        # with one prompt token, the queries of the attention to it get no gradient
        settings["strategy"] = "ddp_find_unused_parameters_true" if several else "auto"
    if settings["devices"] == "auto" and device.type == "cpu":
        settings["devices"] = 1
    logger = instantiate(config.logger) or False
    return pl.Trainer(callbacks=build_callbacks(config, device), logger=logger, **settings)


def find_checkpoint(config: DictConfig) -> str | None:
    """Return the checkpoint to go on from, None for a new run."""
    if config.ckpt is None:
        last = Path(config.output) / "checkpoints" / "last.ckpt"
        return str(last) if last.exists() else None
    if not Path(config.ckpt).is_file():
        raise InputError(f"there is no checkpoint {config.ckpt}; check the path in ckpt=")
    return config.ckpt


def train(config: DictConfig) -> pl.Trainer:
    """Build everything from the configuration, then train."""
    pl.seed_everything(config.seed, workers=True)
    checkpoint = find_checkpoint(config)
    trainer = build_trainer(config)
    data = build_data(config)
    model = build_model(instantiate(config.model))
    if checkpoint is None:
        fit_front_end(model, data, config.data.batch_size)
        if config.init is not None:
            start_from(model, config.init)
    economise(model, config)
    training = DiffusionTraining(model, **instantiate(config.training, _convert_="all"))
    trainer.fit(training, data, ckpt_path=checkpoint, weights_only=True)
    return trainer


@contextmanager
def told_in_a_sentence() -> Iterator[None]:
    """Exit with what is wrong in one line; Hydra and OmegaConf wrap the reason in other errors."""
    try:
        yield
    except (InputError, HydraException, OmegaConfBaseException, MisconfigurationException) as error:
        reason = error.__cause__
        parts = [reason] if isinstance(reason, InputError | ImportError) else [error, reason]
        lines = [str(part).strip().splitlines()[0] for part in parts if part is not None]
        print(*dict.fromkeys(lines), file=sys.stderr)
        sys.exit(BAD_INPUT)


@hydra.main(version_base=None, config_path="../exp", config_name="train_compact")
def main(config: DictConfig) -> None:
    """Train as the command line says."""
    with told_in_a_sentence():
        train(config)


if __name__ == "__main__":
    load_dotenv()
    os.environ.setdefault("HYDRA_FULL_ERROR", "1")  # or Hydra prints and exits by itself
    with told_in_a_sentence():
        main()

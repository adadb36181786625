"""Stage 2's command on tiny shards and a tiny net, for the tests of training."""

import csv
from pathlib import Path

import pytorch_lightning as pl
import torch
from omegaconf import DictConfig, OmegaConf

from helpers.shard_files import CountingEncoder, make_shard
from syncfusion.composition import compose
from syncfusion.shards.embeddings import EncoderIdentity
from syncfusion.shards.writer import Extras
from syncfusion.training.diffusion import train_diffusion

REFERENCE = "model._target_=syncfusion.diffusion.ReferenceConfig"


def composed(primary: str, *overrides: str) -> DictConfig:
    """A configuration whose keys can be read as attributes."""
    return OmegaConf.create(compose(overrides, primary=primary))


def make_shards(folder: Path) -> Path:
    """Write a folder of two tiny shards with embeddings."""
    extras = Extras(encoder=CountingEncoder(), identity=EncoderIdentity("counting", "abc"))
    make_shard(folder / "train_shard_1.tar", "a b c", extras)
    make_shard(folder / "val_shard_1.tar", "d e", extras)
    return folder


def small(shards: Path, output: Path) -> list[str]:
    """What makes the published training run on such shards within seconds."""
    return [
        "+experiment=smoke",
        "logger=csv",
        f"output={output}",
        f"data.train={shards}/train_shard_1.tar",
        f"data.validation={shards}/val_shard_1.tar",
        "data.encoder=null",
        "model.clip_samples=4096",
        "trainer.accelerator=cpu",
        "trainer.precision=32-true",
        "trainer.enable_progress_bar=false",
        "trainer.enable_model_summary=false",
    ]


def run(shards: Path, output: Path, *overrides: str) -> pl.Trainer:
    """Train eight steps, unless told otherwise, with neither sounds nor averages."""
    without = ["callbacks.samples=null", "callbacks.average=null"]
    kept = [off for off in without if not any(o.startswith(off.split("=")[0]) for o in overrides)]
    settings = [*small(shards, output), *kept, *filter(None, overrides)]
    return train_diffusion(compose(settings, primary="train_diffusion_gh"))


def last(output: Path) -> dict:
    """What the last checkpoint of a run holds."""
    return torch.load(output / "checkpoints" / "last.ckpt", weights_only=True)


def logged(output: Path, version: int = 0) -> list[dict[str, str]]:
    """The rows that a run has logged."""
    with (output / "csv" / f"version_{version}" / "metrics.csv").open() as file:
        return list(csv.DictReader(file))

"""Every yaml of exp/ composes with Hydra, and what it describes can be built."""

import runpy
import sys
from pathlib import Path

import pytest
import pytorch_lightning as pl
import soundfile
import torch
from hydra import compose, initialize_config_dir
from hydra.errors import ConfigCompositionException
from hydra.utils import instantiate

from diffusion_models import MDCT, WAVEFORM
from syncfusion.checkpoint import load_diffusion
from syncfusion.diffusion.model import DiffusionConfig, DiffusionModel
from syncfusion.diffusion.module import DiffusionTraining
from syncfusion.hits import Hit
from syncfusion.mixtures import MixtureConfig
from syncfusion.onset.track import OnsetTrack
from syncfusion.prompt.compact import CompactPromptEncoder
from syncfusion.shards.data import ShardData
from syncfusion.shards.writer import write_shard

REPOSITORY = Path(__file__).parents[1]
EXP = REPOSITORY / "exp"
PRIMARIES = sorted(path.stem for path in EXP.glob("train_*.yaml"))
OPTIONS = sorted(
    f"{path.parent.relative_to(EXP).as_posix()}={path.stem}"
    for group in ("data", "logger", "model", "trainer")
    for path in EXP.glob(f"{group}/**/*.yaml")
)


def composed(primary: str, *overrides: str):
    with initialize_config_dir(str(EXP), version_base=None):
        return compose(primary, list(overrides))


@pytest.fixture(autouse=True)
def tiny(monkeypatch, tmp_path):
    monkeypatch.setenv("DIR_LOGS", str(tmp_path))
    monkeypatch.setenv("DIR_DATA", str(tmp_path))


@pytest.mark.parametrize("primary", PRIMARIES)
@pytest.mark.parametrize("option", OPTIONS)
def test_every_choice_builds_under_every_experiment(primary, option, tmp_path):
    config = composed(primary, option, "steps=2", f"output={tmp_path}")
    model = instantiate(config.model)
    assert isinstance(model, DiffusionConfig)
    if "_target_" in config.data:
        assert isinstance(instantiate(config.data), ShardData)
    else:
        assert isinstance(instantiate(config.data.mixture), MixtureConfig)
    trainer = instantiate(config.trainer, accelerator="cpu")
    assert isinstance(trainer, pl.Trainer)
    assert Path(trainer.default_root_dir) == tmp_path
    settings = instantiate(config.training, _convert_="all")
    training = DiffusionTraining(DiffusionModel(WAVEFORM), **settings)
    assert training.configure_optimizers()["optimizer"].param_groups


@pytest.mark.parametrize("primary", PRIMARIES)
def test_the_model_of_an_experiment_takes_the_clips_of_its_data(primary):
    config = composed(primary)
    with torch.device("meta"):
        model = DiffusionModel(instantiate(config.model))
    assert config.data.mixture.clip_samples % model.factor == 0
    assert model.config.clip_samples % model.factor == 0
    assert model.onset_encoder.stem.norms[0].num_channels == model.front_end.onset_channels
    assert model.unet.config.in_channels == model.front_end.channels
    assert model.unet.config.factors == tuple(model.config.onset_encoder.factors)


def test_a_mistyped_key_is_an_error():
    with pytest.raises(ConfigCompositionException, match="bach_size"):
        composed("train_compact", "data.bach_size=2")


class StandInEncoder:
    """The prompt encoder, without knowledge."""

    def embed_texts(self, texts):
        return torch.ones(len(texts), 8)

    def embed_sounds(self, sounds):
        return torch.full((len(sounds), 8), 0.5)


@pytest.fixture
def shard(tmp_path, monkeypatch):
    """A shard of one silent recording, whose one hit is made up."""
    folder = tmp_path / "clip"
    (folder / "audio").mkdir(parents=True)
    (folder / "clip.times.csv").write_text(OnsetTrack((0.1,), labels=("wood hit",)).to_csv())
    soundfile.write(folder / "audio" / "clip.resampled.wav", torch.zeros(4800).numpy(), 48_000)
    write_shard([folder], tmp_path / "one.tar")
    hit = [Hit(torch.linspace(1, 0, 4800), "wood hit", "clip")]
    monkeypatch.setattr("syncfusion.hits.cut_hits", lambda waveform, track, name: hit)
    monkeypatch.setattr(CompactPromptEncoder, "load", lambda folder: StandInEncoder())
    return tmp_path / "one.tar"


def test_the_training_script_leaves_a_checkpoint_that_loads(monkeypatch, shard, tmp_path):
    sets = f"[{{shards: ['{shard}'], share: 1.0}}]"
    overrides = [
        "trainer=smoke",
        "+trainer.enable_progress_bar=false",
        "trainer.callbacks.0.every_n_train_steps=1",
        f"output={tmp_path / 'run'}",
        f"data.train={sets}",
        f"data.validation={sets}",
        "data.validation_clips=1",
        "data.batch_size=1",
        "data.mixture.clip_samples=8192",
        *tiny_model(),
    ]
    monkeypatch.setattr(sys, "argv", ["train_diffusion.py", *overrides])
    runpy.run_path(str(REPOSITORY / "script" / "train_diffusion.py"), run_name="__main__")
    model = load_diffusion(tmp_path / "run" / "checkpoints" / "last.ckpt")
    assert model.config.unet.channels == MDCT.unet.channels
    assert torch.all(model.front_end.get_buffer("scale") != 1)


def tiny_model() -> list[str]:
    parts = {
        "unet": ("channels", "factors", "items", "attentions", "context_channels"),
        "onset_encoder": ("channels", "factors"),
    }
    overrides = [
        f"model.{part}.{name}={list(getattr(getattr(MDCT, part), name))}"
        for part, names in parts.items()
        for name in names
    ]
    return [
        *overrides,
        "+model.unet.prompt_features=8",
        "model.unet.level_features=32",
        "model.onset_encoder.groups=2",
    ]

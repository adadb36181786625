"""Every yaml of exp/ composes with Hydra, and what it describes can be built."""

from pathlib import Path

import pytest
import soundfile
import torch
import yaml
from hydra.utils import instantiate
from omegaconf import OmegaConf
from pytorch_lightning.callbacks import ModelCheckpoint
from pytorch_lightning.loggers import CSVLogger, TensorBoardLogger

from helpers.diffusion_models import MDCT, WAVEFORM
from helpers.diffusion_runs import composed
from helpers.places import REPOSITORY
from syncfusion.checkpoint.files import load_diffusion
from syncfusion.cli.app import main
from syncfusion.composition import compose
from syncfusion.diffusion.model import DiffusionConfig, DiffusionModel
from syncfusion.diffusion.module import DiffusionTraining
from syncfusion.errors import InputError
from syncfusion.hits import Hit
from syncfusion.places import EXP, PRESETS
from syncfusion.prompt.compact.encoder import CompactPromptEncoder
from syncfusion.shards.data import ShardData
from syncfusion.shards.writer import write_shard
from syncfusion.track import OnsetTrack
from syncfusion.trainer.averaging import WarmUpAveraging
from syncfusion.trainer.nan_guard import NanGuard
from syncfusion.trainer.resume_point import ResumePoint
from syncfusion.training.diffusion import build_trainer, start_from
from syncfusion.training.diffusion_settings import read_settings
from syncfusion.training.mixtures import MixtureSettings
from syncfusion.training.samples import SampleLogger
from syncfusion.training.throughput import Throughput
from syncfusion.training.typed import build

PRIMARIES = sorted(path.stem for path in EXP.glob("train_*.yaml"))
GROUPS = ("model", "data", "trainer", "logger", "callbacks")
OPTIONS = sorted(
    f"{group}={path.stem}" for group in GROUPS for path in (EXP / group).glob("*.yaml")
)


@pytest.fixture(autouse=True)
def tiny(monkeypatch, tmp_path):
    monkeypatch.setenv("DIR_LOGS", str(tmp_path))
    monkeypatch.setenv("DIR_DATA", str(tmp_path))


@pytest.mark.parametrize(
    ("primary", "option"),
    [
        *(("train_diffusion_gh", option) for option in OPTIONS),
        ("train_diffusion_gh", "+experiment=smoke"),
        ("train_compact", "steps=2"),
        ("train_hits", "steps=2"),
        ("train_takes", "steps=2"),
    ],
)
def test_every_choice_builds(primary, option, tmp_path, monkeypatch):
    opened = "syncfusion.trainer.loggers._open_wandb"
    monkeypatch.setattr(opened, lambda folder, checkpoints: CSVLogger(folder))
    monkeypatch.setattr(TensorBoardLogger, "__init__", lambda self, save_dir, name: None)
    check(compose([option, f"output={tmp_path}"], primary=primary), tmp_path)


def check(config, output):
    """Build everything that a configuration describes, but for the large model's weights."""
    config["trainer"]["accelerator"] = "cpu"
    settings = read_settings(config)
    assert isinstance(build(settings.model), DiffusionConfig)
    data = build(settings.data)
    if not isinstance(data, MixtureSettings):
        assert isinstance(data, ShardData)
        assert data.slicing.chunk_size == settings.model["clip_samples"]
    trainer = build_trainer(settings)
    assert Path(trainer.default_root_dir) == output
    kinds = {type(callback) for callback in trainer.callbacks}
    assert {
        NanGuard,
        ModelCheckpoint,
        ResumePoint,
        WarmUpAveraging,
        SampleLogger,
        Throughput,
    } <= kinds
    training = DiffusionTraining(DiffusionModel(WAVEFORM), **settings.training)
    assert training.configure_optimizers()["optimizer"].param_groups


def test_the_published_training_is_as_published():
    """But for the settings that docs/training.md lists, each of which can be had as published."""
    config = composed("train_diffusion_gh")
    training, trainer = config.training, config.trainer
    adam = (training.learning_rate, *training.betas, training.eps, training.weight_decay)
    assert adam == (1e-4, 0.95, 0.999, 1e-6, 1e-3)
    assert training.schedule == "constant"
    assert (trainer.gradient_clip_val, trainer.accumulate_grad_batches) == (0.5, 2)
    assert (trainer.val_check_interval, trainer.max_epochs, config.data.batch_size) == (1000, -1, 4)


def differences():
    """Setting, our value and the override that gives the published one, of docs/training.md."""
    text = (REPOSITORY / "docs" / "training.md").read_text()
    rows = [line.strip("| ").split("|") for line in text.splitlines() if line.startswith("| `")]
    return [(*(row[i].strip().strip("`") for i in (0, 1, 3)),) for row in rows]


@pytest.mark.parametrize(("setting", "value", "override"), differences())
def test_every_published_value_is_one_override_away(setting, value, override):
    assert spelled(composed("train_diffusion_gh"), setting) == value
    name, _, wanted = override.partition("=")
    assert spelled(composed("train_diffusion_gh", override), name) == wanted


def spelled(config, name):
    found = OmegaConf.select(config, name)
    return "null" if found is None else str(found).lower()


def test_the_compact_experiment_is_what_the_bundled_preset_was_trained_with():
    config = composed("train_compact")
    training, trainer = config.training, config.trainer
    assert (training.schedule, training.warmup_steps) == ("one-cycle", 100)
    assert (training.learning_rate, *training.betas) == (5e-4, 0.9, 0.98)
    assert (training.onset_dropout, training.onset_jitter_milliseconds) == (0.0, 0.0)
    assert (trainer.precision, trainer.accumulate_grad_batches) == ("bf16-mixed", 1)
    assert config.callbacks.average.decay == 0.998


def test_single_hits_are_trained_on_as_takes_are_rendered_with_tails_down_to_60_dB():
    config = composed("train_hits")
    mixture = config.data.mixture
    assert (mixture.clip_samples, round(mixture.single_time * 48_000)) == (65_536, 4_800)
    assert 0.5 < mixture.single_fraction < 1
    assert config.data.silence_ratio == 0.001
    assert config.training.prompt_dropout == composed("train_compact").training.prompt_dropout


def test_a_student_learns_takes_as_they_are_rendered_and_starts_from_its_teacher():
    config = composed("train_takes")
    assert config.distillation.teacher == config.init
    takes = yaml.safe_load((PRESETS / "compact" / "preset.yaml").read_text())["takes"]
    assert config.distillation.steps == takes["steps"]
    assert (takes["solver"], takes["guidance"], takes["final_noise_level"]) == ("ddim", 1.0, 0.0)
    assert config.data == composed("train_hits").data


@pytest.mark.slow
def test_single_hits_start_from_the_bundled_weights():
    config = composed("train_hits")
    with torch.device("meta"):
        model = DiffusionModel(instantiate(config.model))
    model.to_empty(device="cpu")
    start_from(model, config.init)
    bundled = load_diffusion(PRESETS / "compact").state_dict()
    torch.testing.assert_close(model.state_dict(), bundled, rtol=0, atol=0)


@pytest.mark.parametrize("primary", PRIMARIES)
def test_the_model_of_an_experiment_takes_the_clips_of_its_data(primary):
    config = composed(primary)
    with torch.device("meta"):
        model = DiffusionModel(instantiate(config.model))
    assert config.data.get("mixture", config.model).clip_samples % model.factor == 0
    assert model.config.clip_samples % model.factor == 0
    assert model.onset_encoder.stem.norms[0].num_channels == model.front_end.onset_channels
    assert model.unet.config.in_channels == model.front_end.channels
    assert model.unet.config.factors == tuple(model.config.onset_encoder.factors)


@pytest.mark.parametrize(
    ("override", "sentence"),
    [
        ("data.batch_sise=4", "data has no batch_sise; it takes .*batch_size"),
        (
            "+training.learning_rat=1",
            "no training.learning_rat; training takes .*learning",
        ),
        ("trainer.max_epochs=abc", "trainer.max_epochs is 'abc'; it takes a whole number or null"),
        ("training.learning_rate=fast", "training.learning_rate is 'fast'; it takes a number"),
        ("training.betas=[a,b]", r"training.betas is \['a', 'b'\]; it takes a list, each a number"),
        ("data.mixture.clip_samples=2.5", "clip_samples is 2.5; it takes a whole number"),
        ("model.unet.heads=many", "model.unet.heads is 'many'; it takes a whole number"),
        ("callbacks.average.decay=x", "callbacks.average.decay is 'x'; it takes a number"),
        ("trainer.precision=half", "trainer.precision is 'half'; it takes .*bf16-mixed"),
        ("compile=maybe", "compile is 'maybe'; it takes true or false"),
        ("+seeds=3", "there is no seeds; the configuration takes seed, steps"),
        ("model=huge", "Could not find 'model/huge' Available options in 'model': compact"),
    ],
)
def test_a_key_or_value_that_is_not_taken_is_named_with_what_is(override, sentence):
    with pytest.raises(InputError, match=sentence) as stopped:
        read_settings(compose([override], primary="train_compact"))
    assert "\n" not in str(stopped.value)


class StandInEncoder(CompactPromptEncoder):
    """The prompt encoder, without knowledge."""

    def __init__(self):
        """Hold no nets."""

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
    monkeypatch.setattr(
        "syncfusion.training.mixtures.cut_hits", lambda *recording, silence_ratio: hit
    )
    monkeypatch.setattr(CompactPromptEncoder, "load", lambda folder: StandInEncoder())
    return tmp_path / "one.tar"


@pytest.mark.slow
def test_the_command_leaves_a_checkpoint_that_loads(shard, tmp_path):
    sets = f"[{{shards: ['{shard}'], weight: 1.0}}]"
    overrides = [
        "trainer=smoke",
        "trainer.enable_progress_bar=false",
        "callbacks.last.every_n_train_steps=1",
        f"output={tmp_path / 'run'}",
        f"data.train={sets}",
        f"data.validation={sets}",
        "data.validation_clips=1",
        "data.batch_size=1",
        "data.mixture.clip_samples=8192",
        *tiny_model(),
    ]
    main(["train", "diffusion", "--config", "train_compact", *overrides])
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

"""Every yaml of cfg/ merges with those it is written for, and what they describe can be built."""

from pathlib import Path

import pytest
import yaml
from pytorch_lightning.callbacks import EarlyStopping, EMAWeightAveraging, ModelCheckpoint
from pytorch_lightning.loggers import CSVLogger, WandbLogger

from helpers.onset_runs import REPOSITORY, configs, script
from syncfusion.evaluation.detector.testing import OnsetTest
from syncfusion.onset.data.module import OnsetData
from syncfusion.onset.net import OnsetNetConfig
from syncfusion.trainer.finite_loss import FiniteLoss
from syncfusion.trainer.loggers import find_logger
from syncfusion.training.onset import logger_settings

PUBLISHED = ("data/data-onset-greatesthit", "model/model-onset", "trainer/trainer-onset")
EXPERIMENTS = {
    "published": PUBLISHED,
    "augmented": (
        *PUBLISHED,
        "data/data-onset-greatesthit-augment",
        "trainer/trainer-onset-augment",
    ),
    "compact": ("onset-compact",),
    "compact on scenes": ("onset-compact", "data/onset-synthetic"),
    "compact on both": ("onset-compact", "data/onset-synthetic-mix"),
    "smoke": (*PUBLISHED, "trainer/smoke"),
    "compact smoke": ("onset-compact", "trainer/smoke"),
}
TEST = ("data/data-onset-greatesthit", "test-onset")


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch, tmp_path):
    monkeypatch.setenv("DIR_LOGS", str(tmp_path / "logs"))
    monkeypatch.setenv("DIR_DATA", str(tmp_path / "data"))
    for name in ("WANDB_API_KEY", "WANDB_MODE", "WANDB_PROJECT"):
        monkeypatch.setenv(name, "")


def built(*files, options=()):
    arguments = [*configs(*files), "--trainer.accelerator", "cpu", *options]
    return script("onset").main(arguments, run=False)


@pytest.mark.parametrize("files", EXPERIMENTS.values(), ids=EXPERIMENTS)
def test_every_experiment_can_be_built(files, tmp_path):
    command = built(*files)
    kinds = {type(callback) for callback in command.trainer.callbacks}
    assert {ModelCheckpoint, EarlyStopping, EMAWeightAveraging, FiniteLoss} <= kinds
    assert isinstance(command.trainer.logger, CSVLogger)
    assert Path(command.trainer.default_root_dir).parent == tmp_path / "logs"
    checkpoints = Path(command.trainer.checkpoint_callback.dirpath)
    assert checkpoints == Path(command.trainer.default_root_dir) / "checkpoints"


def test_every_file_belongs_to_an_experiment():
    used = {name for files in (*EXPERIMENTS.values(), TEST) for name in files}
    folder = REPOSITORY / "cfg"
    assert used == {
        path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.yaml")
    }


def test_the_published_experiment_is_as_published():
    command = built(*PUBLISHED)
    assert command.model.model.config == OnsetNetConfig()
    expected = {"lr": 1e-4, "betas": (0.95, 0.999), "eps": 1e-6, "weight_decay": 1e-3}
    (group,) = command.model.configure_optimizers()["optimizer"].param_groups
    assert {name: group[name] for name in expected} == expected
    assert "lr_scheduler" not in command.model.configure_optimizers()
    assert command.model.positive_weight == "balanced"
    assert command.trainer.max_epochs == 100
    assert command.trainer.checkpoint_callback.monitor == "loss/val"


def test_a_run_with_augmentation_differs_in_data_and_folder_alone():
    plain, augmented = (
        yaml.safe_load(command.parser.dump(command.config))
        for command in (built(*EXPERIMENTS[name]) for name in ("published", "augmented"))
    )
    del plain["data"], augmented["data"]
    changed = {key for key in plain if plain[key] != augmented[key]}
    assert changed == {"trainer"}
    changed = {
        key for key in plain["trainer"] if plain["trainer"][key] != augmented["trainer"][key]
    }
    assert changed == {"default_root_dir", "logger"}


@pytest.mark.parametrize("files", EXPERIMENTS.values(), ids=EXPERIMENTS)
def test_a_mistyped_setting_is_refused(files):
    with pytest.raises(SystemExit):
        built(*files, options=["--data.batchsize", "3"])


def test_the_test_of_stage_1_can_be_built(monkeypatch):
    module = script("test_onset")
    command = module.Testing(
        OnsetTest, OnsetData, args=[*configs(*TEST), "--trainer.accelerator", "cpu"], run=False
    )
    assert str(command.model.checkpoint) == module.BUNDLED
    assert list(command.datamodule.frame_size) == [80, 80]
    assert command.model.output == Path(command.trainer.default_root_dir)


@pytest.mark.parametrize(
    ("environment", "kind"),
    [
        ({}, "csv"),
        ({"WANDB_API_KEY": "", "WANDB_PROJECT": "syncfusion"}, "csv"),
        ({"WANDB_MODE": "offline"}, "csv"),
        ({"WANDB_API_KEY": "secret"}, "wandb"),
        ({"WANDB_MODE": "offline", "WANDB_PROJECT": "syncfusion"}, "wandb"),
    ],
)
def test_a_run_needs_no_account_and_uses_one_that_is_set_up(environment, kind):
    assert find_logger(environment) == kind


def test_an_account_in_the_environment_names_project_and_entity(monkeypatch, tmp_path):
    monkeypatch.setenv("WANDB_PROJECT", "foley")
    monkeypatch.delenv("WANDB_ENTITY", raising=False)
    settings = logger_settings("wandb", str(tmp_path))
    assert settings["init_args"] == {"save_dir": str(tmp_path), "project": "foley"}


def test_the_environment_chooses_weights_and_biases(monkeypatch):
    monkeypatch.setenv("WANDB_MODE", "offline")
    monkeypatch.setenv("WANDB_PROJECT", "foley")
    assert isinstance(built("onset-compact").trainer.logger, WandbLogger)


def test_an_option_overrules_the_environment(monkeypatch):
    monkeypatch.setenv("WANDB_API_KEY", "secret")
    assert isinstance(built("onset-compact", options=["--logger", "csv"]).trainer.logger, CSVLogger)

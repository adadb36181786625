"""Every yaml of cfg/ merges with those it is written for, and what they describe can be built."""

from pathlib import Path

import pytest
import yaml
from pytorch_lightning.callbacks import EarlyStopping, ModelCheckpoint
from pytorch_lightning.loggers import CSVLogger, WandbLogger

from helpers.onset_runs import REPOSITORY, configs
from syncfusion.onset.net import OnsetNetConfig
from syncfusion.trainer.averaging import WarmUpAveraging
from syncfusion.trainer.loggers import suitable_logger
from syncfusion.trainer.nan_guard import NanGuard
from syncfusion.trainer.resume_point import ResumePoint
from syncfusion.training.onset import detector_input, onset_settings, train_onset
from syncfusion.training.onset_arguments import find_config, with_subcommand
from syncfusion.training.onset_evaluation import BUNDLED, evaluate_onset

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
    "motion": ("onset-motion",),
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
    return train_onset(arguments, run=False)


@pytest.mark.parametrize("files", EXPERIMENTS.values(), ids=EXPERIMENTS)
def test_every_experiment_can_be_built(files, tmp_path):
    command = built(*files)
    kinds = {type(callback) for callback in command.trainer.callbacks}
    assert {ModelCheckpoint, EarlyStopping, ResumePoint, WarmUpAveraging, NanGuard} <= kinds
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


def test_labels_of_motion_lie_where_its_nets_see_them():
    assert built("onset-motion").datamodule.picture_lag == 0.02
    assert (
        built("onset-motion", options=["--model.net.picture_lag", "0"]).datamodule.picture_lag == 0
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--data.batch_sise", "3"), "there is no data.batch_sise; data takes batch_size, "),
        (("--model.net.widht=3",), "there is no model.net.widht; model.net takes "),
        (("--trainer.max_epochs", "abc"), "trainer.max_epochs is 'abc'; it takes a whole number"),
        (("--model.learning_rate", "fast"), "model.learning_rate is 'fast'; it takes a number"),
        (("--trainer.precision", "half"), "trainer.precision is 'half'; it takes 64 or "),
        (("--logger", "paper"), "logger is 'paper'; it takes auto or csv or wandb"),
        (("-c", "mistyped.yaml"), "there is no data.batch_sise; data takes batch_size, "),
        (("-c", "nowhere.yaml"), "nowhere.yaml"),
        (("--data.root_dir", "x"), "data.root_dir is data.roots here"),
        (("--model.lr=1e-4",), "model.lr is model.learning_rate here"),
    ],
)
def test_a_key_or_value_that_is_not_taken_is_named_with_what_is(
    tmp_path, monkeypatch, capsys, options, sentence
):
    monkeypatch.chdir(tmp_path)
    Path("mistyped.yaml").write_text("data: {batch_sise: 3}\n")
    with pytest.raises(SystemExit, match="2"):
        train_onset(["fit", *configs("onset-compact"), *options])
    printed = capsys.readouterr().err.strip()
    assert sentence in printed
    assert "\n" not in printed


def test_a_configuration_is_the_working_folders_or_else_the_packages(tmp_path, monkeypatch, caplog):
    monkeypatch.chdir(tmp_path)
    packaged = str(REPOSITORY / "cfg" / "onset-compact.yaml")
    assert find_config("cfg/onset-compact.yaml") == packaged
    assert find_config("own.yaml") == "own.yaml"
    assert caplog.text == ""
    Path("cfg").mkdir()
    Path("cfg/onset-compact.yaml").touch()
    assert find_config("cfg/onset-compact.yaml") == "cfg/onset-compact.yaml"
    assert packaged in caplog.text


def test_settings_may_come_as_a_dictionary(tmp_path):
    changes = {"trainer.max_steps": 3, "trainer.default_root_dir": str(tmp_path)}
    changes |= {"model.net.width": 4, "trainer.accelerator": "cpu"}
    command = train_onset(onset_settings("onset-compact", changes), run=False)
    assert command.trainer.max_steps == 3
    assert command.model.model.config.width == 4


def test_the_test_of_stage_1_can_be_built(monkeypatch):
    command = evaluate_onset([*configs(*TEST), "--trainer.accelerator", "cpu"], run=False)
    assert str(command.model.checkpoint) == BUNDLED
    assert command.datamodule.frame_size is None  # motion is computed from frames as stored
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
    assert suitable_logger(environment) == kind


def test_the_environment_chooses_weights_and_biases_unless_an_option_does(monkeypatch):
    opened = "syncfusion.trainer.loggers._open_wandb"
    monkeypatch.setattr(opened, lambda folder, checkpoints: WandbLogger())
    monkeypatch.setenv("WANDB_MODE", "offline")
    monkeypatch.setenv("WANDB_PROJECT", "foley")
    assert isinstance(built("onset-compact").trainer.logger, WandbLogger)
    assert isinstance(built("onset-compact", options=["--logger", "csv"]).trainer.logger, CSVLogger)


@pytest.mark.parametrize(("limit", "kind"), [("1", int), ("2", int), ("1.0", float)])
def test_a_limit_of_1_is_one_batch_and_of_a_fraction_that_share(limit, kind, tmp_path):
    names = ("train", "val", "test")
    words = [word for name in names for word in (f"--trainer.limit_{name}_batches", limit)]
    Path(tmp_path / "limits.yaml").write_text(f"trainer: {{limit_train_batches: {limit}}}")
    for options in (words, ["-c", str(tmp_path / "limits.yaml")]):
        trainer = built("onset-compact", options=options).trainer
        assert isinstance(trainer.limit_train_batches, kind)
        assert trainer.limit_train_batches == float(limit)


def test_the_packages_configuration_chooses_the_detector_in_any_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    arguments = with_subcommand(["-c", "cfg/onset-motion.yaml"], ["fit"])
    assert detector_input(arguments) == "motion"

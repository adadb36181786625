import csv
import os
import re
import signal

import pytest
import pytorch_lightning as pl
import torch
import yaml

from helpers.onset_clips import write_clip, write_clips, write_root
from helpers.onset_runs import REPOSITORY, TINY, motion_training, run_shell, small, training
from syncfusion.checkpoint.files import load_onset
from syncfusion.command import Stopped
from syncfusion.errors import InputError
from syncfusion.onset.data.clips import open_split
from syncfusion.onset.data.module import OnsetData, Root
from syncfusion.onset.data.sampling import Windows
from syncfusion.onset.decode import Decoding
from syncfusion.onset.detect import SlidingWindow, normalised, onset_probabilities
from syncfusion.onset.loss import logits_of, onset_loss
from syncfusion.onset.metrics import frame_labels
from syncfusion.onset.module import OnsetModule
from syncfusion.onset.motion.module import MotionModule
from syncfusion.onset.net import OnsetNetConfig, VideoOnsetNet
from syncfusion.training.onset import train_onset

NET = OnsetNetConfig(**TINY)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return write_root(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def trained(root, tmp_path_factory):
    """The folder of a run of two epochs of one step."""
    logs = tmp_path_factory.mktemp("onset")
    train_onset([*training(root, logs)])
    return logs


@pytest.fixture
def fit(root, tmp_path):
    """Train in a folder of its own, with some options."""
    return lambda *options: train_onset([*training(root, tmp_path, *options)])


def rows(logs, version):
    with (logs / "csv" / f"version_{version}" / "metrics.csv").open() as file:
        return list(csv.DictReader(file))


def test_a_run_leaves_a_checkpoint_that_opens_without_its_configuration(trained):
    net = load_onset(trained / "checkpoints" / "best.ckpt")
    assert net.config == NET
    assert not net.training
    assert net(torch.zeros(1, 3, 5, 16, 16)).isfinite().all()


def test_a_checkpoint_says_what_size_of_frames_it_was_trained_on(trained):
    content = torch.load(trained / "checkpoints" / "best.ckpt", weights_only=True)
    assert list(content["frame_size"]) == [16, 16]


def test_a_run_logs_losses_and_scores(trained):
    logged = {name for row in rows(trained, 0) for name, value in row.items() if value}
    names = {"loss/train_step", "loss/val", "learning_rate", "val/f_measure", "val/recall"}
    assert names <= logged
    settings = yaml.safe_load((trained / "csv" / "version_0" / "hparams.yaml").read_text())
    assert settings["settings"]["model"]["net"]["hidden"] == TINY["hidden"]
    assert settings["data"].keys() == {"root 0/train.txt", "root 0/val.txt"}
    assert "commit" in settings["code"]


def test_a_resumed_run_goes_on_where_the_last_one_ended(root, trained, tmp_path):
    options = ("--ckpt_path", "last", "--trainer.max_steps", "3", "--trainer.max_epochs", "9")
    checkpoints = tmp_path / "checkpoints"
    checkpoints.mkdir()
    (checkpoints / "last.ckpt").write_bytes((trained / "checkpoints/last.ckpt").read_bytes())
    command = train_onset([*training(root, tmp_path, *options)])
    assert command.trainer.global_step == 3
    assert all(int(row["step"]) >= 2 for row in rows(tmp_path, 0))


def test_another_net_does_not_resume(root, trained):
    options = ("--ckpt_path", "last", "--model.net.hidden", "8")
    with pytest.raises(InputError, match="model.net.hidden was 4 and is 8"):
        train_onset([*training(root, trained, *options)])


def test_a_one_cycle_schedule_does_not_go_on_past_its_end(root, tmp_path):
    options = training(root, tmp_path, "--model.schedule", "one-cycle")
    train_onset([*options])
    with pytest.raises(InputError, match="ends at step 2, before the 3"):
        train_onset([*options, "--ckpt_path", "last", "--trainer.max_steps", "3"])


@pytest.mark.slow
def test_a_one_cycle_schedule_that_outlasts_the_training_is_said(
    root, tmp_path, caplog, monkeypatch
):
    options = training(root, tmp_path, "--model.schedule", "one-cycle")
    with monkeypatch.context() as failing:
        failing.setattr(OnsetModule, "on_train_batch_end", fails_after_a_step)
        with pytest.raises(RuntimeError):
            train_onset([*options, "--trainer.max_steps", "3"])
    train_onset([*options, "--trainer.max_steps", "2"])
    assert "keeps the one-cycle schedule of 3 steps" in caplog.text
    assert "training now ends at step 2" in caplog.text


def fails_after_a_step(self, outputs, batch, batch_idx):
    raise RuntimeError("out of memory")


@pytest.mark.slow
def test_the_same_command_goes_on_in_the_same_files(root, tmp_path):
    for n_steps in (1, 2):
        train_onset([*training(root, tmp_path, "--trainer.max_steps", str(n_steps))])
    names = {path.name for path in (tmp_path / "checkpoints").iterdir()}
    assert names == {"best.ckpt", "last.ckpt"}
    steps = [int(row["step"]) for row in rows(tmp_path, 0) if row["loss/train_step"]]
    assert steps == [0, 1]
    assert len(list(tmp_path.glob("csv/*/metrics.csv"))) == 1


@pytest.mark.parametrize("at", [1, 2, 3], ids=["mid-epoch", "an epoch's end", "the next epoch"])
@pytest.mark.slow
def test_an_interrupted_run_ends_as_one_that_was_never_interrupted(root, tmp_path, monkeypatch, at):
    """Two epochs of two batches, stopped after step 1, 2 or 3; a worker reads ahead."""
    data = ("--data.examples_per_epoch", "2", "--data.num_workers", "1")
    options = ("--trainer.max_steps", "4", "--average.decay", "0.9", *data)
    train_onset([*training(root, tmp_path / "whole", *options)])
    intact, sent = OnsetModule.training_step, []

    def step(self, batch, batch_idx):
        if self.trainer.global_step == at - 1 and not sent:
            sent.append(os.kill(os.getpid(), signal.SIGTERM))
        return intact(self, batch, batch_idx)

    monkeypatch.setattr(OnsetModule, "training_step", step)
    with pytest.raises(Stopped):
        train_onset([*training(root, tmp_path / "parts", *options)])
    train_onset([*training(root, tmp_path / "parts", *options)])
    whole, parts = (
        torch.load(tmp_path / name / "checkpoints" / "last.ckpt", weights_only=True)
        for name in ("whole", "parts")
    )
    assert (parts["epoch"], parts["global_step"]) == (whole["epoch"], whole["global_step"])
    for part in ("state_dict", "current_model_state", "optimizer_states"):
        torch.testing.assert_close(parts[part], whole[part], rtol=0, atol=0)
    validated = [
        [r["step"] for r in rows(tmp_path / n, 0) if r["loss/val"]] for n in ("whole", "parts")
    ]
    assert validated[0] == validated[1]


@pytest.fixture(scope="module")
def five_batches(tmp_path_factory):
    """Options of a run whose epochs have five different batches."""
    root = write_clips(tmp_path_factory.mktemp("five"))
    size = ("--data.examples_per_epoch", "10", "--data.batch_size", "2")
    return root, (*size, "--trainer.limit_val_batches", "1.0", "--model.learning_rate", "1e-3")


def with_end(name, number):
    """The option for one end of a training, with the other one out of its way."""
    steps = {"max_steps": -1, "max_epochs": 100} | {name: number}
    return [f"--trainer.{key}={value}" for key, value in steps.items()]


STEPS = [with_end("max_steps", number) for number in (2, 5, 7)]
EPOCHS = [with_end("max_epochs", number) for number in (1, 2)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ends", "options"),
    [
        (STEPS, ()),
        (EPOCHS, ()),
        ([STEPS[0], EPOCHS[0], STEPS[2]], ()),
        (
            [with_end("max_steps", 2), with_end("max_steps", 3), STEPS[2]],
            ("limit_train_batches=3",),
        ),
        (STEPS, ("accumulate_grad_batches=2",)),
        ([STEPS[0], STEPS[2]], ("val_check_interval=2",)),
    ],
    ids=["steps", "epochs", "both", "part of an epoch", "accumulated", "validated in between"],
)
def test_a_run_whose_end_is_put_off_repeats_an_unbroken_one(five_batches, tmp_path, ends, options):
    root, size = five_batches
    every = (*size, *(f"--trainer.{option}" for option in options))
    train_onset([*training(root, tmp_path / "whole", *every, *ends[-1])])
    for end in ends:
        train_onset([*training(root, tmp_path / "parts", *every, *end)])
    whole, parts = (rows(tmp_path / name, 0) for name in ("whole", "parts"))
    for name, at_least in (("loss/train_step", 5), ("loss/val", 1)):
        expected = {row["step"]: float(row[name]) for row in whole if row[name]}
        assert len(expected) >= at_least
        found = {row["step"]: float(row[name]) for row in parts if row[name]}
        assert found == pytest.approx(expected, abs=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("at", [1, 2], ids=["mid-epoch", "an epoch's end"])
def test_the_detector_of_motion_too_ends_as_if_never_interrupted(
    five_batches, tmp_path, monkeypatch, at
):
    """Its nets drop features at random; three epochs of two batches."""
    root, _ = five_batches
    arguments = motion_training(root, tmp_path / "whole", "--trainer.max_steps", "5")
    train_onset([*arguments])
    intact = MotionModule.training_step

    def step(self, batch, batch_idx):
        if self.trainer.global_step == at:
            raise RuntimeError("out of memory")
        return intact(self, batch, batch_idx)

    parts = motion_training(root, tmp_path / "parts", "--trainer.max_steps", "5")
    with monkeypatch.context() as failing:
        failing.setattr(MotionModule, "training_step", step)
        with pytest.raises(RuntimeError):
            train_onset([*parts])
    train_onset([*parts])
    whole, resumed = (
        {row["step"]: row["loss/train"] for row in rows(tmp_path / name, 0) if row["loss/train"]}
        for name in ("whole", "parts")
    )
    assert whole.keys() == set("01234")
    assert resumed == whole


@pytest.mark.slow
@pytest.mark.parametrize("end", ["--trainer.max_steps=0", "--trainer.max_epochs=-1"])
def test_a_one_cycle_schedule_without_an_end_is_refused(fit, end):
    with pytest.raises(InputError, match="cannot span (0|inf) steps; set trainer.max_steps"):
        fit("--model.schedule", "one-cycle", "--trainer.max_steps", "-1", end)


@pytest.mark.slow
def test_the_motions_schedule_does_not_go_on_past_its_end(five_batches, tmp_path):
    root, _ = five_batches
    train_onset([*motion_training(root, tmp_path, "--trainer.max_steps", "1")])
    with pytest.raises(InputError, match="ends at step 1, before the 2"):
        train_onset([*motion_training(root, tmp_path, "--trainer.max_steps", "2")])


@pytest.mark.slow
def test_a_resumed_run_takes_the_rate_it_is_asked_for(fit, tmp_path):
    fit("--trainer.max_steps", "1")
    fit("--trainer.max_steps", "2", "--model.learning_rate", "1e-5")
    content = torch.load(tmp_path / "checkpoints" / "last.ckpt", weights_only=True)
    assert content["optimizer_states"][0]["param_groups"][0]["lr"] == 1e-5


def test_training_starts_from_the_weights_it_is_told_to(trained, fit):
    start = str(trained / "checkpoints" / "best.ckpt")
    found = fit("--init", start, "--trainer.max_steps", "0").model.model.state_dict()
    for name, tensor in load_onset(start).state_dict().items():
        torch.testing.assert_close(found[name], tensor)


def test_training_does_not_start_from_another_net(fit):
    start = str(REPOSITORY / "checkpoints/compact")
    with pytest.raises(InputError, match="compact holds a detector of another input"):
        fit("--init", start)


@pytest.mark.parametrize(("decay", "same"), [("0", True), ("0.9", False)])
def test_a_checkpoint_holds_averaged_weights_and_the_last_where_decay_is_0(
    fit, tmp_path, decay, same
):
    fit("--average.decay", decay, "--model.learning_rate", "1e-2")
    content = torch.load(tmp_path / "checkpoints" / "last.ckpt", weights_only=True)
    averaged, last = content["state_dict"], content["current_model_state"]
    assert torch.equal(averaged["model.fc.0.weight"], last["model.fc.0.weight"]) == same


def test_training_stops_when_validation_no_longer_improves(fit):
    patience = ("--early_stopping.patience", "1", "--early_stopping.min_delta", "1000")
    assert fit("--trainer.max_steps", "20", *patience).trainer.global_step == 2


def test_a_loss_that_is_no_number_stops_the_run_naming_the_step(fit):
    with pytest.raises(InputError, match=r"the loss at step \d is (nan|inf)"):
        fit("--model.learning_rate", "1e30", "--trainer.max_steps", "5")


def test_a_setting_out_of_its_range_is_named(fit):
    with pytest.raises(InputError, match="threshold is 3 and must be 0 to 1"):
        fit("--model.decoding.threshold", "3")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--trainer.val_check_interval", "1000"), "val_check_interval.*must be less than"),
        (("--trainer.limit_val_batches", "-1"), "invalid value -1.* for limit_val_batches"),
        (("--average.decay", "2"), "decay of averaged weights is 2"),
        (("--checkpoint.mode", "best"), "mode"),
    ],
)
def test_a_wrong_value_ends_in_one_sentence(fit, options, sentence):
    with pytest.raises(InputError, match=sentence) as refused:
        fit(*options)
    assert "\n" not in str(refused.value)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["train-onset-gh", "train-onset-gh-augment"])
def test_the_published_command_hands_its_options_to_training(name, root, tmp_path):
    net = ("--model.net.width", "2", "--data.train_frame_size", "128", "--data.num_workers", "0")
    ended = run_shell(name, tmp_path, *small(root, tmp_path), *net, "--trainer.max_epochs", "1")
    assert ended.returncode == 0, ended.stderr
    content = torch.load(tmp_path / "checkpoints" / "last.ckpt", weights_only=True)
    assert (content["epoch"], content["global_step"]) == (0, 1)
    (config,) = tmp_path.glob("csv/*/config.yaml")
    assert bool(yaml.safe_load(config.read_text())["data"]["transforms"]) == ("augment" in name)


@pytest.mark.slow
def test_a_failed_command_says_why_in_one_line_and_exits_with_2(tmp_path):
    ended = run_shell(
        "train-onset-gh", tmp_path, *small(tmp_path, tmp_path), "--model.net.width", "2"
    )
    assert ended.returncode == 2
    assert re.search(r"there is no list .*(train|val)\.txt", ended.stderr.splitlines()[-1])


def test_the_validation_loss_is_of_all_frames_of_the_split(tmp_path):
    root = write_root(tmp_path)
    write_clip(root, "another", n_frames=70, times=(1.0, 2.0, 3.0, 4.0))
    (root / "val.txt").write_text("validated\nanother")
    module = OnsetModule(NET, Decoding(), SlidingWindow(), positive_weight="balanced").eval()
    data = OnsetData([Root(folder=root)], windows=Windows(frames=8))
    quiet = {"logger": False, "enable_checkpointing": False, "enable_progress_bar": False}
    trainer = pl.Trainer(accelerator="cpu", enable_model_summary=False, **quiet)
    (logged,) = trainer.validate(module, data, verbose=False)
    clips = open_split(root, "val")
    curves = [
        onset_probabilities(module.model, c.batches(), sliding_window=SlidingWindow())
        for c in clips
    ]
    labels = [frame_labels(c.track, fps=c.fps, n_frames=len(c)) for c in clips]
    loss = onset_loss(logits_of(torch.cat(curves)), torch.cat(labels), positive_weight="balanced")
    assert logged["loss/val"] == pytest.approx(loss.item(), rel=1e-5)


def test_thirty_steps_on_one_batch_lower_the_loss(root):
    torch.manual_seed(0)
    data = OnsetData(
        [Root(folder=root)], windows=Windows(frames=16), examples_per_epoch=4, batch_size=4
    )
    data.setup("fit")
    batch = next(iter(data.train_dataloader()))
    net = VideoOnsetNet(OnsetNetConfig(width=4, hidden=8, difference=True))
    optimizer = torch.optim.AdamW(net.parameters(), 5e-3)
    losses = []
    for _ in range(30):
        loss = onset_loss(net(normalised(batch.frames)), batch.labels, positive_weight=4.0)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.6 * losses[0]


def test_a_published_checkpoints_key_is_a_modules_key_without_its_prefix():
    module = OnsetModule(NET, Decoding(), SlidingWindow())
    keys = {key.removeprefix("model.") for key in module.state_dict()}
    assert keys == set(VideoOnsetNet(NET).state_dict())


def test_every_clip_of_a_split_is_judged_whole(root):
    clips = open_split(root, "val")
    data = OnsetData([Root(folder=root)], windows=Windows(frames=8))
    data.setup("fit")
    assert [len(clip) for clip in data.val_dataloader()] == [len(clip) for clip in clips]

"""The training of stage 2 on tiny shards."""

import signal
import subprocess
import sys
import time

import pytest
import torch

from helpers.diffusion_models import WAVEFORM
from helpers.diffusion_runs import REFERENCE, last, logged, make_shards, run, small
from helpers.onset_runs import run_shell
from helpers.shard_files import CountingEncoder, make_shard, wav, write_video
from helpers.tiny_runs import send
from syncfusion.checkpoint.files import load_diffusion
from syncfusion.cli.app import main
from syncfusion.command import Stopped
from syncfusion.diffusion.distillation import Teacher
from syncfusion.diffusion.model import DiffusionModel
from syncfusion.diffusion.module import DiffusionTraining
from syncfusion.errors import InputError
from syncfusion.shards.embeddings import EncoderIdentity
from syncfusion.shards.writer import Extras, write_shard
from syncfusion.training.diffusion import spend_less

AVERAGED = "callbacks.average.decay=0.9"
TWICE = "trainer.accumulate_grad_batches=2"


@pytest.fixture(scope="module")
def shards(tmp_path_factory):
    return make_shards(tmp_path_factory.mktemp("shards"))


@pytest.fixture(scope="module")
def trained(shards, tmp_path_factory):
    """The folder of a run of four steps."""
    output = tmp_path_factory.mktemp("trained")
    run(shards, output, "steps=4")
    return output


def same(one, other):
    torch.testing.assert_close(one, other, rtol=0, atol=0)


@pytest.mark.slow
def test_a_resumed_run_ends_as_one_that_was_never_interrupted(shards, tmp_path):
    for output, steps in (("whole", (6,)), ("parts", (3, 6))):
        for n_steps in steps:
            run(shards, tmp_path / output, f"steps={n_steps}", AVERAGED, TWICE)
    whole, parts = last(tmp_path / "whole"), last(tmp_path / "parts")
    assert whole["global_step"] == parts["global_step"] == 6
    assert whole["ShardData"] == parts["ShardData"] == {"n_batches": 12}
    for part in ("state_dict", "current_model_state"):
        same(whole[part], parts[part])
    same(whole["optimizer_states"][0]["state"], parts["optimizer_states"][0]["state"])


def test_a_run_goes_on_from_the_checkpoint_it_is_told_to(shards, trained, tmp_path):
    start = trained / "checkpoints" / "last.ckpt"
    assert run(shards, tmp_path, f"ckpt={start}", "steps=5").global_step == 5
    assert last(tmp_path)["ShardData"] == {"n_batches": 5}


@pytest.mark.parametrize("model", ["", REFERENCE], ids=["ours", "reference"])
def test_a_checkpoint_holds_averaged_weights_and_opens_by_itself(shards, tmp_path, model):
    run(shards, tmp_path, "steps=3", "training.learning_rate=1e-2", AVERAGED, model)
    content = last(tmp_path)
    averaged, raw = content["state_dict"], content["current_model_state"]
    moved = [name for name in raw if not torch.equal(averaged[name], raw[name])]
    assert len(moved) > len(raw) / 2
    opened = load_diffusion(tmp_path / "checkpoints" / "last.ckpt")
    same(opened.null_prompt(1)[0], averaged[null_prompt(averaged)])


def null_prompt(state):
    ending = ("unet.null_prompt", "model.net.blocks.2.blocks.0.blocks.0.weight")
    return next(name for name in state if name.endswith(ending))


@pytest.mark.parametrize("spoilt", ["loss", "gradient"])
def test_what_is_no_number_stops_the_run_and_the_last_checkpoint_stays(
    shards, tmp_path, monkeypatch, spoilt
):
    intact = DiffusionTraining.loss

    def loss(self, batch, chance, exponent=1.0):
        found = intact(self, batch, chance)
        if self.trainer.global_step == 3 and spoilt == "loss":
            return found * float("nan")
        if self.trainer.global_step == 3:
            found.register_hook(lambda gradient: gradient * float("inf"))
        return found

    monkeypatch.setattr(DiffusionTraining, "loss", loss)
    with pytest.raises(InputError, match=f"the {spoilt} at step 3 is (nan|inf); .* resumes from"):
        run(shards, tmp_path, "callbacks.last.every_n_train_steps=1", "steps=6")
    content = last(tmp_path)
    assert content["global_step"] == 3
    assert all(tensor.isfinite().all() for tensor in content["state_dict"].values())


def test_a_student_is_taught_and_its_checkpoint_opens_without_its_teacher(
    shards, trained, tmp_path, monkeypatch
):
    taught = []
    intact = Teacher.aims

    def aims(self, *given):
        taught.append(self.config)
        return intact(self, *given)

    monkeypatch.setattr(Teacher, "aims", aims)
    start = trained / "checkpoints" / "last.ckpt"
    run(shards, tmp_path, "steps=2", f"distillation={{teacher:{start},steps:3,guidance:1.5}}")
    assert {(config.steps, config.guidance) for config in taught} == {(3, 1.5)}
    assert last(tmp_path)["state_dict"].keys() == last(trained)["state_dict"].keys()
    load_diffusion(tmp_path / "checkpoints" / "last.ckpt")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("{teacher:compact,steps:0}", "distillation.steps is 1 or more, not 0"),
        ("{teacher:compact,stops:6}", "there is no distillation.stops; distillation takes teacher"),
        ("{teacher:nowhere,steps:6}", "nowhere"),
    ],
)
def test_a_distillation_that_cannot_be_is_one_sentence(shards, tmp_path, settings, message):
    with pytest.raises(InputError, match=message):
        run(shards, tmp_path, f"distillation={settings}")


def test_onsets_are_left_out_in_training_alone(shards, tmp_path, monkeypatch):
    counts = {True: [], False: []}
    intact = DiffusionModel.predict

    def predict(self, noisy, level, impulses, prompt):
        counts[self.training].append(int(impulses.count_nonzero()))
        return intact(self, noisy, level, impulses, prompt)

    monkeypatch.setattr(DiffusionModel, "predict", predict)
    run(shards, tmp_path, "steps=4", "training.onset_dropout=1.0")
    assert max(counts[True]) == 0
    assert min(counts[False]) > 0


def test_a_resumed_run_takes_the_rate_it_is_asked_for(shards, tmp_path):
    run(shards, tmp_path, "steps=2", "training.learning_rate=1e-3")
    run(shards, tmp_path, "steps=3", "training.learning_rate=1e-5")
    assert last(tmp_path)["optimizer_states"][0]["param_groups"][0]["lr"] == 1e-5


@pytest.mark.slow
def test_a_one_cycle_schedule_goes_on_but_not_past_its_end(shards, tmp_path):
    cycle = ("training.schedule=one-cycle", "training.total_steps=4")
    run(shards, tmp_path, "steps=2", *cycle)
    run(shards, tmp_path, "steps=4", *cycle)
    with pytest.raises(InputError, match="ends at step 4, before steps=5"):
        run(shards, tmp_path, "steps=5", *cycle)


@pytest.mark.parametrize("other", ["model.unet.level_features=32", REFERENCE])
def test_another_models_run_is_not_gone_on_with(shards, trained, tmp_path, other):
    start = trained / "checkpoints" / "last.ckpt"
    with pytest.raises(InputError, match="of another model"):
        run(shards, tmp_path, f"ckpt={start}", other)


def test_an_mdct_front_end_is_fitted_to_the_clips_of_the_shards(shards, tmp_path):
    mdct = ["model.front_end=mdct", "+model.hop=8", "+model.traces=[2,4]"]
    channels = ["model.unet.in_channels=8", "model.onset_encoder.in_channels=4"]
    run(shards, tmp_path, "steps=1", *mdct, *channels)
    scale = last(tmp_path)["state_dict"]["model.front_end.scale"]
    assert torch.all(scale != 1)


def test_training_starts_from_the_weights_it_is_told_to(shards, trained, tmp_path):
    start = trained / "checkpoints" / "last.ckpt"
    run(shards, tmp_path, f"init={start}", "steps=1", "training.learning_rate=0")
    assert last(tmp_path)["ShardData"] == {"n_batches": 1}
    same(last(tmp_path)["state_dict"], last(trained)["state_dict"])


def test_a_run_logs_losses_and_clips_per_second(shards, tmp_path):
    run(shards, tmp_path, "callbacks.throughput.window_size=2")
    found = {name for row in logged(tmp_path) for name, value in row.items() if value}
    assert {
        "loss/train",
        "loss/val",
        "learning_rate",
        "gradient_norm",
        "train/device/samples_per_sec",
    } <= found


def test_the_best_checkpoint_is_kept_beside_the_last(trained):
    names = {path.name for path in (trained / "checkpoints").iterdir()}
    assert names == {"last.ckpt", "best.ckpt"}


def test_gradient_checkpointing_is_a_switch():
    model = DiffusionModel(WAVEFORM)
    spend_less(model, 2, compiled=False)
    assert [stage.checkpointed for stage in model.unet.stages] == [True, True, False]


def test_compiling_is_a_switch(monkeypatch):
    compiled = []
    monkeypatch.setattr(torch.nn.Module, "compile", lambda self: compiled.append(self))
    model = DiffusionModel(WAVEFORM)
    spend_less(model, 0, compiled=True)
    assert compiled == [model.unet, model.onset_encoder]


def test_the_published_packages_have_no_activation_checkpointing(shards, tmp_path):
    with pytest.raises(InputError, match="for our own model"):
        run(shards, tmp_path, REFERENCE, "activation_checkpointing=1")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("override", "reason"),
    [
        ("data.train='/nowhere/train_{1..3}.tar'", "cannot read the shard /nowhere/train_1.tar"),
        ("data.validation=/nowhere/*.tar", "there is no shard /nowhere/*.tar"),
        ("data.encoder=clap", "the shards hold embeddings by counting"),
        ("data.bach_size=2", "data has no bach_size"),
        ("model=huge", "Could not find 'model/huge'"),
        ("data.slicing.text_fraction=3", "text_fraction 0 to 1"),
        ("training.schedule=cosine", "constant or one-cycle, not cosine"),
        ("ckpt=/nowhere.ckpt", "there is no checkpoint /nowhere.ckpt"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_line_before_training(
    shards, tmp_path, capsys, override, reason
):
    with pytest.raises(SystemExit) as stopped:
        main(["train", "diffusion", *small(shards, tmp_path), override])
    assert stopped.value.code == 2
    assert reason in capsys.readouterr().err.strip().splitlines()[-1]
    assert not (tmp_path / "checkpoints" / "last.ckpt").exists()


def test_validation_without_a_clip_is_said_before_training(shards, tmp_path):
    silent = tmp_path / "silent"
    write_shard([write_video(silent, "s", wav(level=0.0))], tmp_path / "silent.tar")
    with pytest.raises(InputError, match="the validation data hold no clip"):
        run(shards, tmp_path, f"data.validation={tmp_path}/silent.tar")
    assert not (tmp_path / "checkpoints").exists()


@pytest.mark.slow
def test_the_published_command_trains_and_goes_on(shards, tmp_path):
    (tmp_path / "environment").mkdir()
    for n_steps in (2, 4):
        options = [*small(shards, tmp_path / "run"), f"steps={n_steps}"]
        ended = run_shell("train-diffusion-model-gh", tmp_path / "environment", *options)
        assert ended.returncode == 0, ended.stderr
        assert last(tmp_path / "run")["global_step"] == n_steps
    assert last(tmp_path / "run")["ShardData"] == {"n_batches": 4}
    assert (tmp_path / "run" / "samples" / "step-0000004" / "0-sample.wav").is_file()


def test_a_missing_shard_is_named_before_the_model_is_built(shards, tmp_path, monkeypatch):
    monkeypatch.setattr("syncfusion.training.diffusion.build_model", pytest.fail)
    with pytest.raises(InputError, match="cannot read the shard .*val_shard_2.tar: No such file"):
        run(shards, tmp_path, f"data.validation={shards}/val_shard_2.tar")


def test_shards_of_the_bundled_encoder_name_the_setting_that_takes_them(shards, tmp_path):
    extras = Extras(encoder=CountingEncoder(), identity=EncoderIdentity("compact", "abc"))
    make_shard(tmp_path / "a.tar", "a b c", extras)
    data = [f"data.{split}={tmp_path}/a.tar" for split in ("train", "validation")]
    with pytest.raises(InputError, match="by compact.*; choose data.encoder=compact, or"):
        run(shards, tmp_path, *data, "data.encoder=clap")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_command_that_is_stopped_saves_and_exits_with_its_signal(shards, tmp_path, name):
    words = [*small(shards, tmp_path), "steps=100000", "callbacks.samples=null"]
    command = [sys.executable, "-m", "syncfusion", "train", "diffusion", *words]
    command += ["trainer.val_check_interval=100000", "callbacks.last.interval_seconds=0"]
    number = getattr(signal, name)
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        while not (tmp_path / "checkpoints" / "last.ckpt").exists() and running.poll() is None:
            time.sleep(0.1)
        running.send_signal(number)
        printed = running.communicate(timeout=60)[1]
    assert running.returncode == 128 + number, printed
    step = last(tmp_path)["global_step"]
    assert f"stopped; step {step} is saved in {tmp_path}/checkpoints/last.ckpt" in printed


@pytest.mark.slow
def test_a_run_that_is_stopped_ends_as_one_that_was_not(shards, tmp_path, monkeypatch):
    run(shards, tmp_path / "whole", "steps=4", AVERAGED, TWICE)
    at, intact = send(signal.SIGTERM, 2), DiffusionTraining.training_step

    def step(self, batch, batch_index):
        at(self.trainer.global_step)
        return intact(self, batch, batch_index)

    monkeypatch.setattr(DiffusionTraining, "training_step", step)
    with pytest.raises(Stopped):
        run(shards, tmp_path / "parts", "steps=4", AVERAGED, TWICE)
    assert last(tmp_path / "parts")["global_step"] == 3
    run(shards, tmp_path / "parts", "steps=4", AVERAGED, TWICE)
    whole, parts = last(tmp_path / "whole"), last(tmp_path / "parts")
    for part in ("state_dict", "current_model_state", "optimizer_states", "ShardData"):
        same(whole[part], parts[part])
    assert [row["step"] for row in logged(tmp_path / "parts")] == [
        row["step"] for row in logged(tmp_path / "whole")
    ]


@pytest.mark.slow
def test_a_sweep_trains_every_job_in_its_folder(shards, tmp_path):
    without = ["callbacks.samples=null", "callbacks.average=null"]
    sweep = [*small(shards, tmp_path), *without, "steps=1", "training.learning_rate=1e-3,1e-4"]
    main(["train", "diffusion", "-m", *sweep])
    folders = sorted((tmp_path / "multirun").iterdir())
    rates = [last(folder)["optimizer_states"][0]["param_groups"][0]["lr"] for folder in folders]
    assert rates == [1e-4, 1e-3]
    assert [last(folder)["global_step"] for folder in folders] == [1, 1]

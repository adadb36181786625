"""Interruptions: what is saved, with which exit code, and that a resumed run loses nothing."""

import signal

import pytest
import torch
from pytorch_lightning.callbacks import ModelCheckpoint

from helpers.tiny_runs import fit, send
from syncfusion.command import Stopped
from syncfusion.errors import InputError
from syncfusion.trainer.averaging import WarmUpAveraging
from syncfusion.trainer.outcome import lightning_outcome
from syncfusion.trainer.resume_point import ResumePoint

STOPS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1")


def last(folder):
    return torch.load(folder / "last.ckpt", weights_only=True)


def stop(folder, at, **options):
    with pytest.raises(Stopped) as stopped, lightning_outcome():
        fit(folder, at, **options)
    return stopped.value.number


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """What an unbroken run ends with."""
    folder = tmp_path_factory.mktemp("whole")
    fit(folder, callbacks=(WarmUpAveraging(),), accumulate_grad_batches=2)
    return last(folder)


@pytest.mark.parametrize("name", STOPS)
def test_a_signal_saves_the_step_and_the_next_run_ends_as_an_unbroken_one(whole, tmp_path, name):
    options = {"callbacks": (WarmUpAveraging(),), "accumulate_grad_batches": 2}
    number = getattr(signal, name)
    before = signal.getsignal(number)
    assert stop(tmp_path, send(number, 3), **options) == number
    assert signal.getsignal(number) == before
    assert last(tmp_path)["global_step"] == 4
    fit(tmp_path, **options | {"callbacks": (WarmUpAveraging(),)})
    found = last(tmp_path)
    for part in ("state_dict", "current_model_state", "optimizer_states", "TinyData"):
        torch.testing.assert_close(found[part], whole[part], rtol=0, atol=0)


@pytest.mark.parametrize("accumulated", [1, 2])
def test_an_exception_saves_what_was_before_the_step_that_failed(whole, tmp_path, accumulated):
    def at(step):
        if step == 3:
            raise RuntimeError("out of memory")

    options = {"accumulate_grad_batches": accumulated}
    with pytest.raises(RuntimeError, match="out of memory"):
        fit(tmp_path, at, callbacks=(WarmUpAveraging(),), **options)
    assert last(tmp_path)["TinyData"] == {"n_batches": 3 * accumulated}
    fit(tmp_path, callbacks=(WarmUpAveraging(),), **options)
    fit(tmp_path / "unbroken", callbacks=(WarmUpAveraging(),), **options)
    found, expected = last(tmp_path), last(tmp_path / "unbroken")
    for part in ("state_dict", "current_model_state", "optimizer_states", "TinyData"):
        torch.testing.assert_close(found[part], expected[part], rtol=0, atol=0)


def test_bad_input_leaves_the_last_checkpoint_as_it_is(tmp_path):
    def at(step):
        if step == 3:
            raise InputError("the loss is no number")

    with pytest.raises(InputError):
        fit(tmp_path, at)
    assert not (tmp_path / "last.ckpt").exists()


def test_a_second_signal_stops_within_the_step(tmp_path):
    reached = []

    def at(step):
        if step == 2:
            send(signal.SIGTERM, 2)(step)
            send(signal.SIGINT, 2)(step)
            reached.append(step)

    assert stop(tmp_path, at) == signal.SIGINT
    assert reached == []
    assert last(tmp_path)["global_step"] == 2


def test_at_most_the_interval_is_lost(tmp_path, monkeypatch):
    saved = []
    intact = ResumePoint._save
    monkeypatch.setattr(
        ResumePoint,
        "_save",
        lambda self, trainer: (saved.append(trainer.global_step), intact(self, trainer)),
    )
    fit(tmp_path / "often", interval_seconds=0, steps=4)
    assert sorted(set(saved)) == [1, 2, 3, 4]
    saved.clear()
    fit(tmp_path / "seldom", steps=4)
    assert saved == [4]


def test_a_validation_that_follows_is_not_lost_by_saving_before_it(tmp_path):
    """Saved after the validation, and a stop within it takes up the run before it."""
    best = ModelCheckpoint(tmp_path, "best", monitor="loss/val", save_on_train_epoch_end=False)
    options = {"val_check_interval": 2, "check_val_every_n_epoch": None}
    number = stop(tmp_path, send(signal.SIGTERM, 1), callbacks=(best,), **options)
    assert number == signal.SIGTERM
    assert not (tmp_path / "last.ckpt").exists()  # it stopped within the validation after step 2
    assert fit(tmp_path, callbacks=(best,), **options).global_step == 6
    assert (tmp_path / "best.ckpt").exists()


def test_no_half_written_checkpoint_takes_the_place_of_the_last(tmp_path, monkeypatch):
    fit(tmp_path, steps=2)
    before = (tmp_path / "last.ckpt").read_bytes()

    def half(self, content, path, storage_options=None):
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pytorch_lightning.strategies.Strategy.save_checkpoint", half)
    with pytest.raises(OSError, match="No space"):
        fit(tmp_path, steps=4)
    assert (tmp_path / "last.ckpt").read_bytes() == before


@pytest.fixture
def slurm(tmp_path, monkeypatch):
    """A job of SLURM; what it asks ``scontrol`` for is in the file returned."""
    asked = tmp_path / "asked.txt"
    fake = tmp_path / "bin" / "scontrol"
    fake.parent.mkdir()
    fake.write_text(f'#!/bin/sh\necho "$@" >> {asked}\n')
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(fake.parent), prepend=":")
    names = {"NTASKS": "1", "JOB_ID": "77", "JOB_NAME": "train", "PROCID": "0", "LOCALID": "0"}
    for name, value in (names | {"NODEID": "0", "NODELIST": "here"}).items():
        monkeypatch.setenv(f"SLURM_{name}", value)
    return asked


@pytest.mark.parametrize(("name", "requeued"), [("SIGUSR1", True), ("SIGTERM", False)])
def test_slurm_queues_a_preempted_job_again_and_it_goes_on(tmp_path, slurm, name, requeued):
    number = getattr(signal, name)
    assert stop(tmp_path / "run", send(number, 2)) == number
    assert last(tmp_path / "run")["global_step"] == 3
    assert slurm.exists() == requeued
    if requeued:
        assert slurm.read_text() == "requeue 77\n"
    assert fit(tmp_path / "run").global_step == 6
    assert not list(tmp_path.rglob("hpc_ckpt*"))

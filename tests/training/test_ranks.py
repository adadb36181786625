"""Both stages on two ranks of the CPU, against one process with twice the batch."""

import subprocess
import sys

import pytest

from helpers.diffusion_runs import REFERENCE, last, logged, make_shards, small
from helpers.onset_clips import write_clips
from helpers.onset_runs import motion_training, training

pytestmark = pytest.mark.slow
SLOWLY = ("--model.eps", "1.0", "--model.learning_rate", "1e-7")


def train(*words):
    """Run the command as a user does; Lightning starts the second rank with the same words."""
    command = [sys.executable, "-m", "syncfusion", "train", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-3000:]


def losses(rows, name="loss/train"):
    """A logged loss by step."""
    return {int(row["step"]): float(row[name]) for row in rows if row.get(name)}


@pytest.fixture(scope="module")
def shards(tmp_path_factory):
    return make_shards(tmp_path_factory.mktemp("shards"))


def test_the_sound_of_two_ranks_is_that_of_one_with_twice_the_batch(shards, tmp_path):
    def run(name, *options):
        train(
            "diffusion", *small(shards, tmp_path / name), "trainer.limit_val_batches=1.0", *options
        )

    run("one", "data.batch_size=4", "steps=6")
    two = ("trainer.devices=2", "trainer.accelerator=cpu", "data.batch_size=2")
    run("two", *two, "steps=3")
    run("two", *two, "steps=6")
    one, both = logged(tmp_path / "one"), logged(tmp_path / "two")
    assert losses(one).keys() == set(range(6))
    for name in ("loss/train", "loss/val"):
        assert losses(both, name) == pytest.approx(losses(one, name), abs=1e-4)
    assert last(tmp_path / "two")["ShardData"] == last(tmp_path / "one")["ShardData"]


def test_the_published_packages_train_on_two_ranks(shards, tmp_path):
    two = ("trainer.devices=2", "trainer.accelerator=cpu", "steps=2", "training.prompt_dropout=0.0")
    train("diffusion", *small(shards, tmp_path), REFERENCE, "callbacks.samples=null", *two)
    assert last(tmp_path)["global_step"] == 2


def test_the_detector_of_two_ranks_is_that_of_one_with_twice_the_batch(tmp_path):
    root = write_clips(tmp_path / "clips")
    # slow steps: in single precision, what the norms of so small a net round grows with each step
    # (test_norm.py takes large ones in double precision)
    every = ("--data.examples_per_epoch=10", "--trainer.limit_val_batches=1.0", *SLOWLY)

    def run(name, *options):
        train("onset", *training(root, tmp_path / name, *every, *options))
        return logged(tmp_path / name)

    one = run("one", "--data.batch_size=4", "--trainer.max_steps=4")
    two = ("--trainer.devices=2", "--trainer.accelerator=cpu", "--data.batch_size=2")
    both = run("two", *two, "--trainer.max_steps=4")
    for name, n_losses in (("loss/train_step", 4), ("loss/val", 2), ("val/f_measure", 2)):
        expected = losses(one, name)
        assert len(expected) == n_losses
        assert losses(both, name) == pytest.approx(expected, abs=1e-4)
    resumed = run("two", *two, "--trainer.max_steps=6")
    assert losses(resumed, "loss/train_step").keys() == set(range(6))


def test_the_detector_of_motion_of_two_ranks_is_that_of_one_with_twice_the_batch(tmp_path):
    root = write_clips(tmp_path / "clips")
    still = {f"model.net.{name}": "0" for name in ("dropout", "feature_dropout", "grid_dropout")}

    def run(name, size, *options):
        batch = {f"data.{kind}_segments": str(size) for kind in ("feature", "grid")}
        end = (*options, "--trainer.gradient_clip_val=null", "--model.learning_rate=1e-5")
        train("onset", *motion_training(root, tmp_path / name, *end, **still, **batch))
        return logged(tmp_path / name)

    one = run("one", 4, "--trainer.max_steps=4")
    two = ("--trainer.devices=2", "--trainer.accelerator=cpu")
    both = run("two", 2, *two, "--trainer.max_steps=4")
    for name, n_losses in (("loss/train", 4), ("val/f_measure", 2)):
        expected = losses(one, name)
        assert len(expected) == n_losses
        assert losses(both, name) == pytest.approx(expected, abs=1e-4)
    assert last(tmp_path / "two")["global_step"] == 4

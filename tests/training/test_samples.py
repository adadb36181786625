"""Sounds and pictures of a training, in files and in loggers."""

import csv

import numpy as np
import pytest
import soundfile
import torch
from pytorch_lightning.loggers import TensorBoardLogger, WandbLogger

from helpers.diffusion_models import WAVEFORM, build, draw_batch
from helpers.diffusion_runs import last, make_shards, run
from syncfusion.constants import SAMPLE_RATE
from syncfusion.diffusion.module import DiffusionTraining
from syncfusion.media import Waveform, write_wav
from syncfusion.training.logged_media import LoggedSample, log_sample
from syncfusion.training.samples import SampleLogger, read_impulses
from syncfusion.training.throughput import count_flops

SAMPLES = ["callbacks.samples.every_n_steps=4", "callbacks.samples.n_clips=2"]


@pytest.fixture(scope="module")
def shards(tmp_path_factory):
    return make_shards(tmp_path_factory.mktemp("shards"))


@pytest.mark.slow
def test_reference_sample_picture_and_onsets_of_the_first_clips_are_written(shards, tmp_path):
    run(shards, tmp_path, "logger=none", *SAMPLES)
    folders = sorted(path.name for path in (tmp_path / "samples").iterdir())
    assert folders == ["step-0000004", "step-0000008"]
    names = {path.name for path in (tmp_path / "samples" / folders[0]).iterdir()}
    kinds = ("-reference.wav", "-reference.png", "-sample.wav", "-sample.png", ".onsets.csv")
    assert names == {f"{index}{kind}" for index in (0, 1) for kind in kinds}
    sample, rate = soundfile.read(tmp_path / "samples" / folders[0] / "0-sample.wav")
    assert (len(sample), rate) == (4096, SAMPLE_RATE)
    rows = csv.DictReader((tmp_path / "samples" / folders[0] / "0.onsets.csv").open())
    assert [float(row["time"]) for row in rows] == pytest.approx([0.02, 0.07], abs=1e-4)


@pytest.mark.slow
def test_sounds_wait_for_the_steps_between_them(shards, tmp_path):
    run(shards, tmp_path, "logger=none", "callbacks.samples.every_n_steps=5")
    assert len(list((tmp_path / "samples").iterdir())) == 1


@pytest.mark.slow
def test_averaged_weights_are_what_is_heard(shards, tmp_path, monkeypatch):
    heard = []
    monkeypatch.setattr(
        SampleLogger,
        "_rendered",
        lambda self, training, clips: heard.append(weights(training)) or clips.waveform,
    )
    average = ["callbacks.average.decay=0.9", "training.learning_rate=1e-2"]
    run(shards, tmp_path, "logger=none", "steps=4", *SAMPLES, *average)
    content = last(tmp_path)
    name = "model.unet.outer.down.weight"
    torch.testing.assert_close(heard[0], content["state_dict"][name])
    assert not torch.equal(heard[0], content["current_model_state"][name])


def weights(training):
    return training.model.unet.outer.down.weight.detach().clone()


def test_the_onsets_of_impulses_are_those_they_were_made_of():
    impulses = torch.zeros(1, SAMPLE_RATE)
    impulses[0, [0, 4800]] = torch.tensor([1.0, 0.5])
    track = read_impulses(impulses)
    assert (track.times, track.gains, track.duration) == ((0.0, 0.1), (1.0, 0.5), 1.0)
    torch.testing.assert_close(track.impulses(SAMPLE_RATE, SAMPLE_RATE), impulses)


@pytest.fixture
def shown(tmp_path):
    from PIL import Image

    write_wav(Waveform(torch.zeros(1, 480), SAMPLE_RATE), tmp_path / "a.wav")
    Image.new("RGB", (6, 4)).save(tmp_path / "a.png")
    return LoggedSample("sample/0", "wood hit", tmp_path / "a.wav", tmp_path / "a.png")


class Recorder:
    """Stands for what a logger writes with; remembers what it is asked."""

    def __init__(self):
        self.calls = {}

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *told, **options: self.calls.update({name: (told, options)})


def test_weights_and_biases_gets_sound_and_picture(shown):
    logger = object.__new__(type("Wandb", (WandbLogger,), {}))
    recorder = Recorder()
    logger.log_audio, logger.log_image = recorder.log_audio, recorder.log_image
    log_sample(shown, logger, 7)
    assert recorder.calls == {
        "log_audio": (("sound/sample/0", [str(shown.sound)], 7), {"caption": ["wood hit"]}),
        "log_image": (("picture/sample/0", [str(shown.picture)], 7), {"caption": ["wood hit"]}),
    }


def test_tensorboard_gets_sound_and_picture(shown):
    recorder = Recorder()
    logger = object.__new__(type("Board", (TensorBoardLogger,), {"experiment": recorder}))
    log_sample(shown, logger, 7)
    (name, samples, step, rate), _ = recorder.calls["add_audio"]
    assert (name, tuple(samples.shape), step, rate) == ("sound/sample/0", (1, 480), 7, SAMPLE_RATE)
    (name, pixels, step), options = recorder.calls["add_image"]
    assert (name, pixels.shape, step) == ("picture/sample/0", (4, 6, 3), 7)
    assert pixels.dtype == np.uint8
    assert options == {"dataformats": "HWC"}


def test_operations_are_those_of_a_step_three_times_the_way_forward():
    training = DiffusionTraining(build(WAVEFORM))
    one, two = (count_flops(training, draw_batch(size=size)) for size in (1, 2))
    assert two == pytest.approx(2 * one, rel=0.01)
    assert next(training.parameters()).device.type == "cpu"

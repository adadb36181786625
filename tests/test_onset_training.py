import csv
import importlib.util
from pathlib import Path

import pytest
import torch
import yaml

from onset_clips import write_root
from syncfusion.checkpoint import load_onset
from syncfusion.errors import InputError
from syncfusion.onset.clips import open_split
from syncfusion.onset.data import OnsetData, Root
from syncfusion.onset.decode import Decoding
from syncfusion.onset.detect import Scanning, normalised
from syncfusion.onset.loss import onset_loss
from syncfusion.onset.module import OnsetModule
from syncfusion.onset.net import OnsetNetConfig, VideoOnsetNet
from syncfusion.onset.windows import Windowing

REPOSITORY = Path(__file__).parents[1]
BASE = REPOSITORY / "cfg/onset-compact.yaml"
DELTAS = sorted(path for path in (REPOSITORY / "cfg").glob("*/*.yaml"))
TINY = OnsetNetConfig(width=2, hidden=4, head="temporal", difference=True)


def script(name):
    spec = importlib.util.spec_from_file_location(name, REPOSITORY / "script" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def smoke_arguments(root, output):
    """The whole experiment on a tiny net and two tiny videos."""
    callbacks = yaml.safe_load(BASE.read_text())["trainer"]["callbacks"]
    for callback in callbacks[1:]:
        callback["init_args"]["dirpath"] = str(output)
    callbacks[-1]["init_args"]["every_n_train_steps"] = 2
    every_step = callbacks[-1] | {
        "init_args": {"dirpath": str(output), "every_n_train_steps": 1, "save_top_k": -1}
    }
    callbacks.append(every_step)
    settings = {
        "model": {"net": {"width": 2, "hidden": 4, "round_to": 1}},
        "data": {"roots": [{"folder": str(root)}], "windowing": {"frames": 8, "crop": 12}},
        "trainer": {"default_root_dir": str(output), "callbacks": callbacks, "accelerator": "cpu"},
    }
    settings["trainer"]["logger"] = {
        "class_path": "pytorch_lightning.loggers.CSVLogger",
        "init_args": {"save_dir": str(output), "name": None, "version": ""},
    }
    output.mkdir(exist_ok=True)
    (output / "test.yaml").write_text(yaml.safe_dump(settings))
    smoke = REPOSITORY / "cfg/trainer/smoke.yaml"
    return ["-c", str(BASE), "-c", str(smoke), "-c", str(output / "test.yaml")]


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A folder of a smoke run: two steps, one validation."""
    folder = tmp_path_factory.mktemp("onset")
    root = write_root(folder / "data")
    script("onset").main(["fit", *smoke_arguments(root, folder / "run")])
    return folder


def test_a_run_leaves_a_checkpoint_that_opens_without_its_configuration(trained):
    net = load_onset(trained / "run" / "last.ckpt")
    assert net.config == TINY
    assert not net.training
    assert net(torch.zeros(1, 3, 5, 16, 16)).isfinite().all()


def test_a_run_logs_loss_and_scores(trained):
    header = (trained / "run" / "metrics.csv").read_text().splitlines()[0]
    assert "train/loss" in header
    assert "val/f_measure" in header


def test_an_interrupted_run_goes_on_where_it_was(trained):
    (first,) = (trained / "run").rglob("*step=1.ckpt")
    arguments = smoke_arguments(trained / "data", trained / "again")
    cli = script("onset").main(["fit", *arguments, "--ckpt_path", str(first)])
    assert cli.trainer.global_step == 2
    rows = csv.DictReader((trained / "again" / "metrics.csv").read_text().splitlines())
    assert {row["epoch"] for row in rows} == {"1"}


def test_the_evaluation_script_scores_a_checkpoint_and_the_baselines(trained, monkeypatch, capsys):
    arguments = ["--checkpoint", trained / "run" / "last.ckpt", "--data", trained / "data"]
    monkeypatch.setattr("sys.argv", ["evaluate_onsets", *map(str, arguments)])
    assert script("evaluate_onsets").main() == 0
    printed = capsys.readouterr().out
    assert printed.count("mean") == 3
    assert "average precision" in printed


def test_a_file_that_is_no_checkpoint_is_named(tmp_path):
    (tmp_path / "x.ckpt").write_text("nothing")
    with pytest.raises(InputError, match="x.ckpt is no checkpoint"):
        load_onset(tmp_path / "x.ckpt")


@pytest.mark.parametrize("delta", [None, *DELTAS], ids=lambda path: path and path.stem)
def test_every_configuration_instantiates(delta, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files = [BASE] if delta is None else [BASE, delta]
    arguments = [word for file in files for word in ("-c", str(file))]
    cli = script("onset").main([*arguments, "--trainer.accelerator", "cpu"], run=False)
    assert cli.model.model.config.width == 16
    assert cli.datamodule.roots


def test_a_mistyped_setting_is_refused():
    with pytest.raises(SystemExit):
        script("onset").main(["-c", str(BASE), "--data.batchsize", "3"], run=False)


def test_thirty_steps_on_one_batch_lower_the_loss(tmp_path):
    torch.manual_seed(0)
    data = OnsetData(
        [Root(folder=write_root(tmp_path))],
        Windowing(frames=16, crop=16),
        windows_per_epoch=4,
        batch_size=4,
    )
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
    module = OnsetModule(TINY, Decoding(), Scanning())
    keys = {key.removeprefix("model.") for key in module.state_dict()}
    assert keys == set(VideoOnsetNet(TINY).state_dict())


def test_every_clip_of_a_split_is_judged_whole(tmp_path):
    root = write_root(tmp_path)
    clips = open_split(root, "val")
    data = OnsetData([Root(folder=root)], Windowing(frames=8, crop=8))
    assert [len(clip) for clip in data.val_dataloader()] == [len(clip) for clip in clips]

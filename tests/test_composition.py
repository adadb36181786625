"""Overrides as people write them: names of checkpoints, sweeps, names of the published code."""

import re
import subprocess

import pytest

from helpers.places import REPOSITORY
from syncfusion.composition import compose, compose_sweep, quoted
from syncfusion.errors import InputError
from syncfusion.published import DIFFUSION, ONSET, renamed

GH = "train_diffusion_gh"


@pytest.mark.parametrize(
    "path", ["logs/x/epoch=1-step=20.ckpt", "a b/it's=1.ckpt", "logs/a=(1).ckpt", "x={y}=1"]
)
def test_a_path_may_hold_what_hydra_takes_for_its_own(path):
    assert compose([f"init={path}"], primary=GH)["init"] == path


@pytest.mark.parametrize(
    "override",
    ["steps=3", "init='a=1'", "data.train=[{a=b}]", "+x={a: 1}", "seed=range(start=1,stop=3)"],
)
def test_what_hydra_understands_stays(override):
    assert quoted(override) == override


def test_every_job_of_a_sweep_has_a_folder_of_its_own():
    sweep = ["training.learning_rate=1e-4,3e-4", "seed=0,1", "steps=5", "output=out"]
    found = compose_sweep(sweep, primary=GH)
    assert [config["output"] for config in found] == [
        f"out/multirun/training.learning_rate={rate},seed={seed}"
        for rate in ("0.0001", "0.0003")
        for seed in (0, 1)
    ]
    assert [config["training"]["learning_rate"] for config in found] == [1e-4, 1e-4, 3e-4, 3e-4]
    assert {config["trainer"]["max_steps"] for config in found} == {5}
    for config in found:
        assert config["callbacks"]["best"]["dirpath"] == f"{config['output']}/checkpoints"


def test_a_sweep_may_choose_among_files():
    found = compose_sweep(["init=a/step=1.ckpt,a/step=2.ckpt", "output=out"], primary=GH)
    assert [config["init"] for config in found] == ["a/step=1.ckpt", "a/step=2.ckpt"]
    assert len({config["output"] for config in found}) == 2
    assert all("/" not in c["output"].removeprefix("out/multirun/") for c in found)


def test_a_key_that_is_not_there_ends_a_sweep_before_it_begins():
    with pytest.raises(InputError, match="has no sed"):
        compose_sweep(["sed=1,2"], primary=GH)


@pytest.mark.parametrize(
    ("override", "sentence"),
    [
        ("model.lr=1e-4", "model.lr is training.learning_rate here"),
        ("datamodule.batch_size=4", "datamodule.batch_size is data.batch_size here"),
        ("datamodule.whatever=4", "datamodule.whatever is data here"),
        ("callbacks.audio_samples_logger.num_items=1", "is callbacks.samples here"),
        ("exp=train_diffusion_gh", "exp is the option --config here"),
    ],
)
def test_an_option_of_the_published_code_is_answered_with_its_name_here(override, sentence):
    with pytest.raises(InputError, match=re.escape(sentence)):
        compose([override], primary=GH)


def test_the_page_names_what_the_map_answers():
    text = (REPOSITORY / "docs" / "published.md").read_text()
    groups = ("datamodule", "exp", "callbacks.audio_samples_logger")
    for old in {**ONSET, **DIFFUSION}:
        if old not in groups and not re.match(r"data\.(train|val|test)_|model\.lr", old):
            assert old.rpartition(".")[2] in text, old
    rows = re.findall(r"^\| `((?:data|model|datamodule|experiment)\.[\w.]+)`", text, re.M)
    kept = {"data.batch_size", "data.num_workers"}  # the same here
    fixed = {"data.audio_file_suffix", "data.pin_memory"}  # no longer options
    answered = {row for row in rows if renamed(row, ONSET) or renamed(row, DIFFUSION)}
    assert set(rows) - answered <= kept | fixed


@pytest.mark.parametrize("folder", ["multirun", "onset-test", "logs", "wandb", "lightning_logs"])
def test_what_trainings_write_is_not_for_git(folder):
    if not (REPOSITORY / ".git").exists():
        pytest.skip("no checkout of git")
    words = ["git", "-C", str(REPOSITORY), "check-ignore", "-q", f"{folder}/x"]
    assert subprocess.run(words).returncode == 0

"""The recipe that trains the compact preset: its sizes, its commands, and all of it, small."""

import csv
import shlex
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from hydra.utils import instantiate

from helpers.diffusion_runs import composed
from helpers.onset_runs import REPOSITORY, run_shell, script
from helpers.shard_files import make_shard
from helpers.struck_sounds import save, struck
from syncfusion.diffusion.model import DiffusionModel
from syncfusion.errors import InputError
from syncfusion.prompt.compact.training import TrainingConfig
from syncfusion.recipe.card import logged, write_card
from syncfusion.recipe.command import claim, find_init, find_source
from syncfusion.recipe.own_shards import write_own_shards
from syncfusion.recipe.plan import Recipe
from syncfusion.recipe.size import AUTO, GPU, LAPTOP, REHEARSAL, SIZES, choose_size, read_size
from syncfusion.recipe.steps import Ledger, StepRecord

BUNDLED = REPOSITORY / "checkpoints" / "compact"
NAMED = [size for size in SIZES if size != AUTO]


def recipe(output: Path, size: str = REHEARSAL, **source) -> Recipe:
    sources = {"clips": None, "sounds": None, **source}
    return Recipe(size=read_size(size), output=output, init=BUNDLED, **sources)


def words(made: Recipe, step: str) -> list[str]:
    """What the script of a step is given."""
    [found] = [each for each in made.steps() if each.name == step]
    return list(found.commands[0][1:])


def test_a_laptop_trains_as_long_as_the_bundled_preset_was(tmp_path):
    size = read_size(LAPTOP)
    assert size.onset == {"trainer.max_steps": 1300, "data.batch_size": 4}
    assert (list(size.rounds), size.diffusion["data.batch_size"]) == ([2800, 4000], 8)
    assert size.prompt == {
        "steps": TrainingConfig.steps,
        "spelling_steps": TrainingConfig.spelling_steps,
    }


def test_the_size_is_chosen_by_the_machine_unless_told(monkeypatch):
    for there, size in ((True, GPU), (False, LAPTOP)):
        monkeypatch.setattr(torch.cuda, "is_available", lambda there=there: there)
        assert choose_size(AUTO) == size
        assert choose_size(REHEARSAL) == REHEARSAL


@pytest.mark.parametrize(
    ("options", "size"), [("", AUTO), ("--rehearse", REHEARSAL), ("--size gpu", GPU)]
)
def test_the_size_can_be_told(monkeypatch, options, size):
    monkeypatch.setattr(sys, "argv", ["train_compact.py", *options.split()])
    assert script("train_compact").parse().size == size


def test_an_unknown_size_is_said_in_a_sentence():
    with pytest.raises(InputError, match="no size of the recipe"):
        read_size("huge")


@pytest.mark.parametrize("size", NAMED)
@pytest.mark.parametrize("source", ["clips", "sounds"])
def test_the_sound_of_every_size_can_be_configured(tmp_path, size, source):
    made = recipe(tmp_path / "it's (1)", size, **{source: tmp_path})
    config = composed("train_compact", *words(made, "diffusion-1"))
    assert config.steps == (made.size.rounds if source == "clips" else made.size.own_rounds)[0]
    assert config.output == str(made.run(1))
    assert str(config.data.train[0].shards[0]).startswith(str(made.output))
    clip = instantiate(config.data.mixture).clip_samples
    with torch.device("meta"):
        assert clip % DiffusionModel(instantiate(config.model)).factor == 0
    assert config.steps % config.trainer.val_check_interval == 0


@pytest.mark.parametrize("size", NAMED)
def test_the_detector_of_every_size_can_be_built(tmp_path, size):
    arguments = words(recipe(tmp_path, size, clips=tmp_path), "onset")[1:]
    arguments[1] = str(REPOSITORY / arguments[1])
    built = script("onset").main([*arguments, "--trainer.accelerator", "cpu"], run=False)
    assert built.trainer.max_steps == read_size(size).onset["trainer.max_steps"]
    assert [root.share for root in built.datamodule.roots] == [1.0, 0.4]


def test_a_round_goes_on_from_the_one_before(tmp_path):
    made = recipe(tmp_path, clips=tmp_path)
    assert not any(word.startswith("init=") for word in words(made, "diffusion-1"))
    last = made.run(1) / "checkpoints" / "last.ckpt"
    assert f"init={last}" in words(made, "diffusion-2")


def test_own_sounds_go_on_from_the_bundled_model(tmp_path):
    made = recipe(tmp_path, sounds=tmp_path)
    assert f"init={BUNDLED}" in words(made, "diffusion-1")
    assert [step.name for step in made.steps()] == ["sounds", "diffusion-1", "preset"]


def test_both_layouts_are_told_apart(tmp_path):
    for name in ("videos", "times"):
        (tmp_path / "clips" / name).mkdir(parents=True)
    for name in ("train.txt", "val.txt", "test.txt"):
        (tmp_path / "clips" / name).write_text("a\n")
    save(struck(), tmp_path / "sounds" / "metal hit.wav")
    assert find_source(tmp_path / "clips", None) == (tmp_path / "clips", None)
    assert find_source(tmp_path / "sounds", None) == (None, tmp_path / "sounds")
    assert find_source(None, tmp_path / "sounds") == (None, tmp_path / "sounds")
    assert find_source(None, None) == (None, None)
    (tmp_path / "clips" / "val.txt").unlink()
    with pytest.raises(InputError, match="has videos/ but no val.txt"):
        find_source(tmp_path / "clips", None)


def test_only_a_preset_with_the_compact_encoder_is_gone_on_from(tmp_path, tiny_preset):
    assert find_init(tiny_preset) == tiny_preset
    other = tmp_path / "other"
    shutil.copytree(tiny_preset, other)
    (other / "preset.yaml").write_text("prompt: clap\n")
    with pytest.raises(InputError, match="lacks|takes prompts by clap"):
        find_init(other)


@pytest.mark.parametrize("change", ["seed", "size", "file"])
def test_a_folder_belongs_to_one_training(tmp_path, change):
    save(struck(), tmp_path / "sounds" / "metal hit.wav")
    made = recipe(tmp_path / "out", sounds=tmp_path / "sounds")
    for _ in range(2):
        claim(made, REHEARSAL)
    if change == "file":
        save(struck(), tmp_path / "sounds" / "wood hit.wav")
    other = replace(made, seed=1) if change == "seed" else made
    with pytest.raises(InputError, match="give another --output"):
        claim(other, LAPTOP if change == "size" else REHEARSAL)


def test_the_card_says_what_the_logs_say(tmp_path):
    made = recipe(tmp_path / "own", sounds=tmp_path / "sounds")
    make_shard(made.shards("own") / "train_shard_1.tar", "a b")
    ledger = Ledger(tmp_path / "steps")
    for step in made.steps():
        lines = [shlex.join(command) for command in step.commands]
        ledger.write(step, StepRecord(lines, 90.0, "done"))
    for version, losses in enumerate([{99: 0.5, 199: 0.4}, {199: 0.3}]):
        write_log(made.run(1) / "csv" / f"version_{version}", losses)
    card = write_card(made, ledger, "A title.").read_text()
    assert "| own/train_shard_1 | 2 | 12 |" in card
    assert "wood hit 4" in card
    assert "| sounds | 1.5 | done |" in card
    assert "diffusion-1, validation loss: 0.5000 (step 99) to 0.3000 (step 199)" in card
    assert "detector, F" not in card


def write_log(folder: Path, losses: dict[int, float]) -> None:
    folder.mkdir(parents=True)
    with (folder / "metrics.csv").open("w") as file:
        rows = csv.writer(file)
        rows.writerow(["epoch", "loss/val", "step"])
        rows.writerows([0, loss, step] for step, loss in losses.items())
        rows.writerow([0, "", 500])


def test_of_a_column_the_last_word_counts(tmp_path):
    write_log(tmp_path / "csv" / "version_0", {1: 0.5})
    assert logged(tmp_path, "loss/val") == {1: 0.5}
    assert logged(tmp_path, "no such column") == logged(tmp_path / "none", "loss/val") == {}


def test_what_a_preset_lacks_is_taken_from_another(tmp_path, monkeypatch):
    (tmp_path / "preset.yaml").write_text("steps: 3\n")
    options = ["--output", str(tmp_path), "--rest", str(BUNDLED)]
    monkeypatch.setattr(sys, "argv", ["publish.py", *options])
    script("publish").main()
    assert (tmp_path / "preset.yaml").read_text() == "steps: 3\n"
    assert (tmp_path / "onset.yaml").read_bytes() == (BUNDLED / "onset.yaml").read_bytes()
    assert not (tmp_path / "diffusion.yaml").exists()


def test_a_resumed_training_on_mixtures_ends_as_one_never_interrupted(tmp_path):
    save(struck(), tmp_path / "sounds" / "metal hit.wav")
    made = recipe(tmp_path, sounds=tmp_path / "sounds")
    write_own_shards(tmp_path / "sounds", made.shards("own"))
    train = script("train_diffusion").train
    tiny = [f"{k}={v}" for k, v in made.size.diffusion.items() if k.startswith("model.")]
    quiet = ["trainer.enable_progress_bar=false", "trainer.precision=32-true"]
    kept = [w for w in words(made, "diffusion-1") if not w.startswith(("init", "output", "steps"))]
    common = [*kept, *tiny, *quiet, "training.total_steps=4", "trainer.accelerator=cpu"]
    ends = {}
    for name, parts in (("whole", (4,)), ("parts", (2, 4))):
        for steps in parts:
            train(composed("train_compact", *common, f"output={tmp_path / name}", f"steps={steps}"))
        ends[name] = torch.load(tmp_path / name / "checkpoints" / "last.ckpt", weights_only=True)
    assert ends["parts"]["DiffusionData"] == {"n_batches": 4}
    for part in ("state_dict", "current_model_state"):
        torch.testing.assert_close(ends["whole"][part], ends["parts"][part], rtol=0, atol=0)


@pytest.mark.slow
def test_the_rehearsal_makes_a_preset_that_renders_and_is_not_run_twice(tmp_path):
    (tmp_path / "environment").mkdir()
    output = tmp_path / "run"
    options = ["--rehearse", "--output", str(output)]
    ended = run_shell("train-compact", tmp_path / "environment", *options)
    assert ended.returncode == 0, ended.stderr
    preset = output / "preset"
    before = {
        path: path.stat().st_mtime_ns for path in preset.iterdir() if path.name != "README.md"
    }
    again = run_shell("train-compact", tmp_path / "environment", *options)
    assert again.returncode == 0, again.stderr
    assert "python " not in again.stdout
    assert again.stdout.count(": done") + again.stdout.count(": failed") == 8
    assert before == {path: path.stat().st_mtime_ns for path in before}
    rendered = subprocess.run(
        [sys.executable, "-m", "syncfusion", "generate", "data/sample/sample.mp4", "--onsets"]
        + ["data/sample/sample.times.txt", "--prompt", "wood hit", "--preset", str(preset)]
        + ["--output", str(tmp_path / "made.mp4")],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
    )
    assert rendered.returncode == 0, rendered.stderr
    assert (tmp_path / "made.wav").is_file()


@pytest.mark.slow
def test_own_sounds_teach_the_diffusion_model_alone(tmp_path):
    for number in range(5):
        save(struck(seed=number), tmp_path / "sounds" / "metal hit" / f"{number}.wav")
    (tmp_path / "environment").mkdir()
    options = ["--data", str(tmp_path / "sounds"), "--size", "rehearsal", "-o", str(tmp_path / "o")]
    ended = run_shell("train-compact", tmp_path / "environment", *options)
    assert ended.returncode == 0, ended.stderr
    assert "own sounds" in ended.stdout.splitlines()[0]
    changed = {
        path.name
        for path in BUNDLED.iterdir()
        if path.read_bytes() != (tmp_path / "o" / "preset" / path.name).read_bytes()
    }
    assert changed == {"diffusion.safetensors", "README.md"}

"""The recipe that trains the compact preset: its sizes, its steps, and all of it, small."""

import csv
import shutil
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch

from helpers.onset_runs import run_shell
from helpers.places import REPOSITORY
from helpers.shard_files import make_shard
from helpers.struck_sounds import save, struck
from syncfusion.cli.app import main
from syncfusion.composition import compose
from syncfusion.diffusion.model import DiffusionModel
from syncfusion.errors import InputError
from syncfusion.prompt.compact.training import TrainingConfig
from syncfusion.recipe.card import logged, write_card
from syncfusion.recipe.command import claim, find_init, find_source
from syncfusion.recipe.own_shards import write_own_shards
from syncfusion.recipe.plan import Recipe
from syncfusion.recipe.size import AUTO, GPU, LAPTOP, REHEARSAL, SIZES, choose_size, read_size
from syncfusion.recipe.steps import Ledger, StepRecord
from syncfusion.training.diffusion import train_diffusion
from syncfusion.training.diffusion_settings import read_settings
from syncfusion.training.onset import onset_settings, train_onset
from syncfusion.training.typed import build

BUNDLED = REPOSITORY / "checkpoints" / "compact"
NAMED = [size for size in SIZES if size != AUTO]


def recipe(output: Path, size: str = REHEARSAL, **source) -> Recipe:
    sources = {"clips": None, "sounds": None, **source}
    return Recipe(size=read_size(size), output=output, init=BUNDLED, **sources)


def changes(made: Recipe, step: str) -> dict:
    """What a training step changes of its configuration."""
    [found] = [each for each in made.steps() if each.name == step]
    return dict(found.jobs[0].arguments["changes"])


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
    ("words", "size"), [("", AUTO), ("--rehearse", REHEARSAL), ("--size gpu", GPU)]
)
def test_the_size_can_be_chosen(monkeypatch, words, size):
    chosen = []
    monkeypatch.setattr(
        "syncfusion.recipe.train_compact", lambda options, _: chosen.append(options)
    )
    main(["train", "compact", *words.split()])
    assert [options.size for options in chosen] == [size]


def test_sizes_of_the_command_line_are_those_of_the_recipe():
    from syncfusion.cli import train

    assert train.SIZES == SIZES


def test_an_unknown_size_is_said_in_a_sentence():
    with pytest.raises(InputError, match="no size of the recipe"):
        read_size("huge")


@pytest.mark.parametrize(
    ("size", "source"), [*((size, "clips") for size in NAMED), (LAPTOP, "sounds")]
)
def test_the_sound_of_every_size_can_be_configured(tmp_path, size, source):
    made = recipe(tmp_path / "it's (1)", size, **{source: tmp_path})
    config = compose(primary="train_compact", changes=changes(made, "diffusion-1"))
    settings = read_settings(config)
    assert settings.steps == (made.size.rounds if source == "clips" else made.size.own_rounds)[0]
    assert settings.output == str(made.run(1))
    data = build(settings.data)
    assert str(data.train[0]["shards"][0]).startswith(str(made.output))
    with torch.device("meta"):
        model = DiffusionModel(build(settings.model))
    assert data.mixture.clip_samples % model.factor == 0
    assert settings.steps % settings.trainer["val_check_interval"] == 0


@pytest.mark.parametrize("size", NAMED)
def test_the_detector_of_every_size_can_be_built(tmp_path, size):
    made = recipe(tmp_path, size, clips=tmp_path)
    settings = changes(made, "onset") | {"trainer.accelerator": "cpu"}
    built = train_onset(onset_settings("onset-compact", settings), run=False)
    assert built.trainer.max_steps == read_size(size).onset["trainer.max_steps"]
    assert [root.weight for root in built.datamodule.roots] == [1.0, 0.4]


def test_a_round_starts_from_the_one_before(tmp_path):
    made = recipe(tmp_path, clips=tmp_path)
    assert "init" not in changes(made, "diffusion-1")
    last = made.run(1) / "checkpoints" / "last.ckpt"
    assert changes(made, "diffusion-2")["init"] == str(last)


def test_own_sounds_start_from_the_bundled_model(tmp_path):
    made = recipe(tmp_path, sounds=tmp_path)
    assert changes(made, "diffusion-1")["init"] == str(BUNDLED)
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
        ledger.write(step, StepRecord([asdict(job) for job in step.jobs], 90.0, "done"))
    ledger.metrics_file(made.steps()[0]).write_text('{"hits": {"wood hit": 4}, "files": 2}')
    for version, losses in enumerate([{99: 0.5, 199: 0.4}, {199: 0.3}]):
        write_log(made.run(1) / "csv" / f"version_{version}", losses)
    card = write_card(made, ledger, "A title.").read_text()
    assert "| own/train_shard_1 | 2 | 12 |" in card
    assert "wood hit 4" in card
    assert "| sounds | 1.5 | done |" in card
    assert "diffusion-1, validation loss: 0.5000 (step 99) to 0.3000 (step 199)" in card
    assert "- sounds: files 2" in card
    assert "- sounds, hits: wood hit 4" in card
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
    write_log(tmp_path / "csv" / "version_10", {1: 0.25})
    write_log(tmp_path / "csv" / "version_9", {1: 0.75})  # written last, but for another clock
    assert logged(tmp_path, "loss/val") == {1: 0.25}
    assert logged(tmp_path, "no such column") == logged(tmp_path / "none", "loss/val") == {}


def test_what_a_preset_lacks_is_taken_from_another(tmp_path):
    (tmp_path / "preset.yaml").write_text("steps: 3\n")
    main(["train", "publish", "--output", str(tmp_path), "--rest", str(BUNDLED)])
    assert (tmp_path / "preset.yaml").read_text() == "steps: 3\n"
    assert (tmp_path / "onset.yaml").read_bytes() == (BUNDLED / "onset.yaml").read_bytes()
    assert not (tmp_path / "diffusion.yaml").exists()


@pytest.mark.slow
def test_a_resumed_training_on_mixtures_ends_as_one_never_interrupted(tmp_path):
    save(struck(), tmp_path / "sounds" / "metal hit.wav")
    made = recipe(tmp_path, sounds=tmp_path / "sounds")
    write_own_shards(tmp_path / "sounds", made.shards("own"))
    own = ("init", "output", "steps")
    kept = {k: v for k, v in changes(made, "diffusion-1").items() if k not in own}
    kept |= {k: v for k, v in made.size.diffusion.items() if k.startswith("model.")}
    kept |= {"trainer.enable_progress_bar": False, "trainer.precision": "32-true"}
    kept |= {"training.total_steps": 4, "trainer.accelerator": "cpu"}
    ends = {}
    for name, parts in (("whole", (4,)), ("parts", (2, 4))):
        for steps in parts:
            run = kept | {"output": str(tmp_path / name), "steps": steps}
            train_diffusion(compose(primary="train_compact", changes=run))
        ends[name] = torch.load(tmp_path / name / "checkpoints" / "last.ckpt", weights_only=True)
    assert ends["parts"]["DiffusionData"] == {"n_batches": 4}
    for part in ("state_dict", "current_model_state"):
        torch.testing.assert_close(ends["whole"][part], ends["parts"][part], rtol=0, atol=0)


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

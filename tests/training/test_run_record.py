"""A run is a folder with its settings."""

import json
import logging
import re

import pytest

from helpers.diffusion_runs import last, make_shards, run
from helpers.places import REPOSITORY
from syncfusion.errors import InputError
from syncfusion.training.data_hashes import root_hashes, shard_hashes
from syncfusion.training.run_record import (
    MAY_CHANGE,
    check_run,
    describe_run,
    may_change,
    write_record,
)

SETTINGS = {
    "output": "logs/one",
    "steps": 10,
    "seed": 0,
    "model": {"channels": [1, 2]},
    "data": {"batch_size": 4, "num_workers": 8, "train": "here/*.tar"},
    "trainer": {"devices": 1, "precision": None, "gradient_clip_val": 0.5},
    "training": {"learning_rate": 1e-4},
}


def changed(**settings):
    merged = {
        key: dict(value) if isinstance(value, dict) else value for key, value in SETTINGS.items()
    }
    for name, value in settings.items():
        group, _, key = name.rpartition("__")
        (merged[group] if group else merged)[key] = value
    return describe_run(merged, {"train/a.tar": "abc"})


@pytest.mark.parametrize(
    "free",
    [
        {"steps": 20},
        {"data__num_workers": 0},
        {"data__train": "moved/*.tar"},
        {"trainer__devices": 2},
        {"trainer__precision": "32-true"},
        {"training__learning_rate": 1e-5},
        {"output": "logs/moved"},
    ],
    ids=str,
)
def test_what_may_change_between_two_stops_does(tmp_path, free):
    write_record(tmp_path, changed())
    check_run(tmp_path, changed(**free))


def test_what_may_not_change_is_named_with_both_values_and_how_to_start_anew(tmp_path):
    write_record(tmp_path, changed())
    other = changed(seed=1, data__batch_size=8, model__channels=[1, 3], trainer__accumulate=2)
    with pytest.raises(InputError) as refused:
        check_run(tmp_path, other)
    sentence = str(refused.value)
    assert "data.batch_size was 4 and is 8; model.channels.1 was 2 and is 3" in sentence
    assert "seed was 0 and is 1; and 1 more" in sentence
    assert f"the run in {tmp_path}" in sentence
    assert "start anew in another output=" in sentence
    assert "\n" not in sentence


def test_other_data_under_the_same_name_is_found(tmp_path):
    write_record(tmp_path, changed())
    with pytest.raises(InputError, match=r"train/a.tar was abc and is abd"):
        check_run(tmp_path, changed() | {"data": {"train/a.tar": "abd"}})


def test_other_code_is_a_warning_and_its_new_settings_do_not_count(tmp_path, caplog):
    write_record(tmp_path, changed() | {"code": {"version": "0.0.1", "commit": "abc"}})
    check_run(tmp_path, changed(trainer__new=1))
    assert "other code" in caplog.text
    with pytest.raises(InputError, match="seed was 0 and is 1"):
        check_run(tmp_path, changed(trainer__new=1, seed=1))


def test_a_record_that_cannot_be_read_is_said_in_one_sentence(tmp_path):
    (tmp_path / "settings.json").write_text("{")
    with pytest.raises(InputError, match=r"settings.json cannot be read .*remove it"):
        check_run(tmp_path, changed())


def test_a_folder_without_a_record_is_taken_as_it_is(tmp_path):
    check_run(tmp_path, changed())


def test_the_pages_name_every_setting_that_may_change():
    text = (REPOSITORY / "docs" / "training.md").read_text()
    section = text[text.index("## What may change") :]
    assert [name for name in MAY_CHANGE if f"`{name}`" not in section] == []


def test_weights_and_data_are_no_matter_of_a_machine():
    assert may_change("trainer.max_steps")
    assert may_change("data.roots.0.folder")
    assert not may_change("data.roots.0.weight")
    assert not may_change("trainer.gradient_clip_val")
    assert not may_change("callbacks.average.decay")


def test_a_missing_shard_is_named(tmp_path):
    data = {"train": f"{tmp_path}/t_{{1..2}}.tar", "validation": f"{tmp_path}/v.tar"}
    with pytest.raises(InputError, match="cannot read the shard .*t_1.tar: No such file"):
        shard_hashes(data)


def test_shards_are_known_again_wherever_they_lie(tmp_path):
    names = {}
    for place in ("one", "two"):
        folder = tmp_path / place
        folder.mkdir()
        (folder / "a.tar").write_bytes(b"a" * 100)
        data = {"train": [{"shards": [f"{folder}/a.tar"], "weight": 1}], "validation": "pipe:cat v"}
        names[place] = shard_hashes(data)
    assert names["one"] == names["two"]
    (tmp_path / "two" / "a.tar").write_bytes(b"b" * 100)
    assert shard_hashes(data) != names["one"]


def test_an_annotation_that_was_edited_is_found(tmp_path):
    (tmp_path / "clip").mkdir()
    (tmp_path / "train.txt").write_text("clip\n")
    times = tmp_path / "clip" / "clip.times.csv"
    times.write_text("1.0\n")
    before = root_hashes([tmp_path])
    times.write_text("1.1\n")
    assert root_hashes([tmp_path]) != before
    assert list(before) == ["root 0/train.txt"]


@pytest.mark.slow
def test_a_run_of_stage_2_goes_on_with_its_own_settings_alone(tmp_path, caplog):
    shards = make_shards(tmp_path / "shards")
    output = tmp_path / "run"
    run(shards, output, "steps=2")
    with pytest.raises(InputError, match="training.prompt_dropout was 0.1 and is 0.3"):
        run(shards, output, "steps=3", "training.prompt_dropout=0.3")
    caplog.set_level(logging.INFO, "syncfusion")
    run(shards, output, "steps=3", "data.num_workers=1")
    assert f"resuming from {output}/checkpoints/last.ckpt" in caplog.text
    assert last(output)["global_step"] == 3
    record = json.loads((output / "settings.json").read_text())
    assert record["settings"]["steps"] == 3
    assert set(record["data"]) == {"train/train_shard_1.tar", "validation/val_shard_1.tar"}
    hparams = next(output.rglob("hparams.yaml")).read_text()
    assert "prompt_dropout" in hparams
    assert "commit" in hparams
    assert len(list(output.rglob("metrics.csv"))) == 1


@pytest.mark.parametrize("page", ["training", "onset-training"])
def test_the_pages_of_training_name_folders_that_the_code_reads(page):
    files = [*REPOSITORY.glob("cfg/**/*.yaml"), *REPOSITORY.glob("exp/**/*.yaml")]
    known = "".join(path.read_text() for path in files)
    known += (REPOSITORY / "src" / "syncfusion" / "preprocess" / "dataset_files.py").read_text()
    text = (REPOSITORY / "docs" / f"{page}.md").read_text()
    for folder in re.findall(r"\bdata/[\w./-]*\w", text):
        assert folder.rpartition("/")[2] in known, folder

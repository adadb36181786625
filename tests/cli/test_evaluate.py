"""``syncfusion evaluate``, from shards or folders to a table."""

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from helpers.media_files import make_video, regular
from helpers.struck_sounds import LABELS, RATE, SECONDS, TIMES, save, struck, write_shards
from syncfusion.cli.app import main
from syncfusion.media.audio import Waveform

ROWS = "rows=[table2_real,table2_audio,table2_text,table2_other,table2_control]"


@pytest.fixture(scope="module")
def shards(tmp_path_factory) -> Path:
    return write_shards(tmp_path_factory.mktemp("set"))


def written(output: Path) -> dict:
    return json.loads((output / "metrics.json").read_text())


def metrics(output: Path) -> dict[str, dict]:
    return {system["name"]: system["metrics"] for system in written(output)["systems"]}


def evaluated(shards: Path, preset: Path, output: Path, *changes: str) -> Path:
    fixed = [f"shards={shards}", f"preset={preset}", f"output={output}", "device=cpu"]
    main(["evaluate", *fixed, "report=false", *changes])
    return output


@pytest.fixture(scope="module")
def table(shards, tiny_preset, tmp_path_factory) -> Path:
    """Table 2 of the tiny preset."""
    output = tmp_path_factory.mktemp("table2")
    return evaluated(shards, tiny_preset, output, ROWS, "protocol=whole")


def test_a_table_has_its_rows_and_the_recordings_are_best(table):
    found = metrics(table)
    assert [*found] == [
        "real recording",
        "annotated onsets, audio",
        "annotated onsets, text",
        "annotated onsets, other clip",
        "random weights, audio",
    ]
    real = found["real recording"]
    assert real["f_100ms"]["value"] == real["paper_accuracy"]["value"] == 1.0
    assert all(row["f_100ms"]["value"] < 1.0 for row in [*found.values()][1:])
    assert {row["f_100ms"]["n"] for row in found.values()} == {3}
    assert all(row["f_100ms"]["low"] is None for row in found.values())  # of three clips
    assert "frechet_logmel" in found["random weights, audio"]
    assert "frechet_logmel" not in real


def test_the_files_of_a_table_say_how_it_was_made(table):
    settings = json.loads((table / "settings.json").read_text())
    assert [row["row"] for row in settings["rows"]][0] == "real recording"
    sounds = table / "sounds" / "random-weights-audio"
    assert sorted(path.name for path in sounds.iterdir()) == [
        "a.wav",
        "b.wav",
        "c.wav",
        "settings.json",
    ]
    made = json.loads((sounds / "settings.json").read_text())["made"]
    assert made["weights"]["diffusion.safetensors"] == "random, seed 0"
    with (table / "metrics.csv").open() as file:
        assert {line["system"] for line in csv.DictReader(file)} == {*metrics(table)}
    about = written(table)["about"]
    assert "trained on 8 recorded hits of 2 recordings; material: acc" in about["label accuracy"]
    assert written(table)["comparisons"]


@pytest.mark.slow
def test_a_table_made_again_makes_no_sound_again(table, shards, tiny_preset, monkeypatch, capsys):
    before = {path: path.stat().st_mtime_ns for path in table.rglob("*.wav")}
    monkeypatch.setattr(
        "syncfusion.experiments.renderers.render_jobs", lambda *_: pytest.fail("rendered again")
    )
    evaluated(shards, tiny_preset, table, ROWS, "protocol=whole")
    assert before == {path: path.stat().st_mtime_ns for path in table.rglob("*.wav")}
    text = capsys.readouterr().out
    assert "onset F ±100 ms ↑" in text
    assert text.splitlines()[-2:] == [f"{table / 'metrics.json'}", f"{table / 'metrics.csv'}"]


def test_the_published_protocol_scores_the_excerpt_too(shards, tiny_preset, tmp_path):
    evaluated(shards, tiny_preset, tmp_path, "+experiment=table2_real")
    (real,) = metrics(tmp_path).values()
    assert real["excerpt_f_100ms"]["value"] == real["paper_accuracy"]["value"] == 1.0
    assert real["excerpt_n_reference"]["value"] == real["n_reference"]["value"] == len(TIMES)
    sound = tmp_path / "sounds" / "real-recording" / "a.wav"
    assert sound.stat().st_size == pytest.approx(3 * 2**18, abs=200)  # 24 bits of 5.46 s


def test_the_report_is_written_unless_it_is_switched_off(shards, tiny_preset, tmp_path, capsys):
    changes = ["weights=none", "title=Mine", "report=true"]
    evaluated(shards, tiny_preset, tmp_path, *changes)
    assert "<h1>Mine</h1>" in (tmp_path / "report.html").read_text()
    assert f"{tmp_path / 'report.html'}" in capsys.readouterr().out


def test_a_row_without_its_shard_is_told_and_the_others_go_on(
    shards, tiny_preset, tmp_path, capsys
):
    rows = "rows=[table3_real,table3_augment_audio]"
    evaluated(shards, tiny_preset, tmp_path, rows)
    assert {name: len(row) > 0 for name, row in metrics(tmp_path).items()} == {
        "real recording": True,
        "predicted with augmentation, audio": False,
    }
    out = capsys.readouterr().out
    assert "predicted with augmentation, audio: cannot read the shard" in out
    title = "Sounds of the test set (without predicted with augmentation, audio)"
    assert written(tmp_path)["title"] == title
    assert out.startswith(title)


def test_predicted_onsets_may_come_from_a_folder(shards, tiny_preset, tmp_path):
    predictions = tmp_path / "predictions"
    for name in "ab":
        (predictions / name).mkdir(parents=True)
        (predictions / name / f"{name}.times.pred.csv").write_text("0.300000,\n0.800000,\n")
    changes = ["onsets=predicted", "onsets.shard=test_shard_1.tar", "prompts=text"]
    changes += [f"onsets.predictions={predictions}", "protocol=whole"]
    evaluated(shards, tiny_preset, tmp_path / "out", *changes)
    (system,) = written(tmp_path / "out")["systems"]
    assert [clip["name"] for clip in system["clips"]] == ["a", "b"]
    assert system["problems"][0].startswith("c: it has no predicted onsets")
    made = json.loads((tmp_path / "out/sounds/predicted-onsets-text/settings.json").read_text())
    assert made["clips"]["a"]["onsets"] == pytest.approx([0.3, 0.8])


@pytest.fixture(scope="module")
def films(tmp_path_factory) -> Path:
    """Two videos with sound and their annotation."""
    folder = tmp_path_factory.mktemp("films")
    (folder / "videos").mkdir()
    (folder / "times").mkdir()
    for name in "ab":
        sound = struck(seed=ord(name)).samples.numpy()
        sound = np.concatenate([sound, np.zeros((1, 4800), np.float32)], axis=1)
        path = folder / "videos" / f"{name}_mic.mp4"
        make_video(path, regular(25, round(25 * SECONDS)), sound=sound)
        lines = (f"{time} {label}\n" for time, label in zip(TIMES, LABELS, strict=True))
        (folder / "times" / f"{name}_times.txt").write_text("".join(lines))
    return folder


def test_folders_of_videos_and_times_take_the_place_of_shards(films, tiny_preset, tmp_path):
    places = [f"videos={films / 'videos'}", f"times={films / 'times'}", "onsets=predicted"]
    evaluated(tmp_path, tiny_preset, tmp_path / "out", *places, "onsets.shard=none")
    (system,) = written(tmp_path / "out")["systems"]
    assert [clip["name"] for clip in system["clips"]] == ["a", "b"]
    assert system["clips"][0]["video"] == str(films / "videos" / "a_mic.mp4")


def compared(films: Path, output: Path, *sounds: str) -> dict:
    places = ["--target", str(films / "videos"), "--annotation", str(films / "times")]
    main(["evaluate", "compare", *places, "--no-report", "--sounds", *sounds, "-o", str(output)])
    return written(output)


def peer(folder: Path, names: str = "ab", **changes) -> Path:
    for name in names:
        save(struck(seed=ord(name), **changes), folder / f"{name}.wav")
    return folder


def test_any_folders_of_sounds_are_scored_beside_the_targets_own(films, tmp_path):
    good, late = peer(tmp_path / "good"), tmp_path / "late"
    for name in "ab":
        save(struck([time + 0.2 for time in TIMES]), late / f"{name}.wav")
    found = compared(films, tmp_path / "out", f"good={good}", f"late={late}")
    values = {s["name"]: s["metrics"]["f_100ms"]["value"] for s in found["systems"]}
    assert values["target's own sound"] == values["good"] == 1.0
    assert values["late"] < 0.5
    assert {"first": "good", "second": "late"}.items() <= found["comparisons"][-1].items()
    assert "frechet_logmel" in found["systems"][1]["metrics"]


def test_files_that_do_not_match_or_cannot_be_read_are_told(films, tmp_path, capsys):
    peer(tmp_path / "peer", "ax", rate=44_100)
    (tmp_path / "peer" / "b.wav").write_text("no sound")
    found = compared(films, tmp_path / "out", f"peer={tmp_path / 'peer'}")
    system = found["systems"][1]
    assert [clip["name"] for clip in system["clips"]] == ["a"]
    told_, printed = " | ".join(system["problems"]), capsys.readouterr().out
    for problem in ("x.wav: no clip has this name", "b.wav", "a.wav: 44100 Hz", "a single clip"):
        assert problem in told_
        assert problem in printed
    assert system["metrics"]["f_100ms"]["low"] is None


def test_the_targets_own_sounds_are_of_the_same_clips(films, tmp_path):
    found = compared(films, tmp_path / "out", f"peer={peer(tmp_path / 'peer', 'b')}")
    assert [[clip["name"] for clip in system["clips"]] for system in found["systems"]] == [
        ["b"]
    ] * 2


def test_an_empty_annotation_leaves_its_clip_out(films, tmp_path):
    shutil.copytree(films, tmp_path / "films")
    (tmp_path / "films/times/b_times.txt").write_text("")
    found = compared(tmp_path / "films", tmp_path / "out", f"peer={peer(tmp_path / 'peer')}")
    assert "b: its annotation is empty; left out" in found["systems"][1]["problems"]
    assert [clip["name"] for clip in found["systems"][1]["clips"]] == ["a"]


def test_silent_videos_are_scored_by_the_annotation_alone(films, tmp_path):
    shutil.copytree(films, tmp_path / "films")
    for name in "ab":
        make_video(tmp_path / f"films/videos/{name}_mic.mp4", regular(25, round(25 * SECONDS)))
    found = compared(tmp_path / "films", tmp_path / "out", f"peer={peer(tmp_path / 'peer')}")
    (system,) = found["systems"]
    assert system["metrics"]["f_100ms"]["value"] == 1.0
    assert "target_f_100ms" not in system["metrics"]


def sentence(capsys, *arguments: str) -> str:
    """What a command that ends with exit code 2 says."""
    with pytest.raises(SystemExit) as ended:
        main(["evaluate", *arguments])
    assert ended.value.code == 2
    said = capsys.readouterr().err.strip().splitlines()[-1]
    assert "Traceback" not in said
    return said


def test_nothing_left_to_score_ends_with_one_sentence_and_code_2(films, tmp_path, capsys):
    peer(tmp_path / "peer", "xy")
    places = ["--target", str(films / "videos"), "--annotation", str(films / "times")]
    sounds = ["--sounds", f"peer={tmp_path / 'peer'}", "-o", str(tmp_path / "out")]
    said = sentence(capsys, "compare", *places, *sounds)
    assert said.startswith("syncfusion: nothing is left to score: a: there is no sound of it")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["shards=/none/such"], "nothing is left to score: cannot read the shard"),
        (["preset=none_such"], "there is no preset 'none_such'"),
        (["sead=1"], "sead"),
        (["rows=[table2_audio,table3_audio]"], "the rows have different protocols"),
        (["rows=[table2_audio,table2_audio]"], "two rows have the same name"),
        (["+experiment=table9"], "Could not find 'experiment/table9'"),
        (["compare", "--target", "/none/such"], "required: --annotation, --sounds, -o/--output"),
        (["times=/none"], "times are given without videos"),
    ],
)
def test_bad_input_ends_with_one_sentence_and_code_2(arguments, message, shards, tmp_path, capsys):
    fixed = [] if arguments[0] == "compare" else [f"shards={shards}", f"output={tmp_path}"]
    assert message in sentence(capsys, *fixed, *arguments)


def test_two_folders_of_one_name_are_refused(capsys, tmp_path):
    places = ["--target", str(tmp_path), "--annotation", str(tmp_path), "-o", str(tmp_path)]
    assert "have the same name" in sentence(capsys, "compare", *places, "--sounds", "a=/x", "a=/y")
    assert "'/x' is no NAME=FOLDER" in sentence(capsys, "compare", *places, "--sounds", "/x")


def test_importing_the_command_line_imports_no_hydra():
    code = "import syncfusion, syncfusion.cli.app, sys; sys.exit('hydra' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_silent_peer_is_told_and_scores_nothing(films, tmp_path):
    silent = Waveform(torch.zeros(1, round(SECONDS * RATE)), RATE)
    for name in "ab":
        save(silent, tmp_path / "peer" / f"{name}.wav")
    found = compared(films, tmp_path / "out", f"peer={tmp_path / 'peer'}")
    system = found["systems"][1]
    assert system["metrics"]["f_100ms"]["value"] == 0.0
    assert "a.wav: it is silent; scored as silence" in system["problems"]

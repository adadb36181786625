import os
import runpy
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from helpers.media_files import make_video, regular
from helpers.places import REPOSITORY
from syncfusion.clip_files import SPLITS, ClipFiles
from syncfusion.onset.data.clips import open_split
from syncfusion.preprocess import PUBLISHED_SPLIT
from syncfusion.track import OnsetTrack

SCRIPTS = REPOSITORY / "script"
STEPS = ("videos", "annotations", "split")
NAMES = [f"2015-02-16-{number:02d}" for number in range(10)]


@pytest.fixture
def data_set(tmp_path, monkeypatch) -> Path:
    """Ten little videos and their annotations, where the scripts look for them."""
    folder = tmp_path / "data" / "greatest-hits"
    first = make_video(make(folder / "mic-mp4") / f"{NAMES[0]}_mic.mp4", regular(25, 15))
    for name in NAMES:
        if name != NAMES[0]:
            shutil.copy(first, folder / "mic-mp4" / f"{name}_mic.mp4")
        (make(folder / "times-txt") / f"{name}_times.txt").write_text(
            "0.2 wood hit\n9.0 wood hit\n"
        )
    monkeypatch.setenv("DIR_DATA", str(tmp_path / "data"))
    return folder


def make(folder):
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def run(monkeypatch, capsys):
    """Run a preprocessing script; returns its exit code and what it wrote."""

    def run_script(step, *options):
        monkeypatch.setattr(sys, "argv", [f"gh_preprocess_{step}.py", *map(str, options)])
        code = 0
        try:
            runpy.run_path(str(SCRIPTS / f"gh_preprocess_{step}.py"), run_name="__main__")
        except SystemExit as ended:
            code = ended.code
        return code, "".join(capsys.readouterr())

    return run_script


@pytest.mark.parametrize("steps", [STEPS, STEPS[::-1], ("annotations", "videos", "split")])
def test_the_three_commands_run_without_options_in_any_order(data_set, run, steps):
    for step in steps:
        code, text = run(step)
        assert code == 0, text
    processed = data_set / "mic-mp4-processed"
    clips = [clip for split in ("train", "val", "test") for clip in open_split(processed, split)]
    assert sorted(clip.name for clip in clips) == NAMES
    assert {clip.pixels.shape for clip in clips} == {(9, 240, 320, 3)}
    assert {clip.track.times for clip in clips} == {(0.2,)}


def test_short_options_are_understood(run, tmp_path):
    make_video(tmp_path / "a_clip.mkv", regular(25, 50), sound=np.zeros(96_000))
    (tmp_path / "a_onsets.txt").write_text("0.5 wood hit\n")
    inputs = ["-iv", tmp_path, "-vs", "_clip.mkv", "-o", tmp_path / "out"]
    sound = ["-asr", 16_000, "-abd", 24, "-adn", "-ao"]
    steps = {
        "annotations": ["-it", tmp_path, "-ts", "_onsets.txt", *inputs[4:]],
        "videos": [*inputs, "-nw", 1, *sound, "-vfps", 5, "-vw", 32, "-vh", 24],
        "split": [*inputs, "-trs", 0, "-vls", 0, "-tss", 1],
    }
    for step, options in steps.items():
        code, text = run(step, *options)
        assert code == 0, text
    (clip,) = open_split(tmp_path / "out", "test")
    assert (clip.name, clip.pixels.shape, clip.track.times) == ("a", (10, 24, 32, 3), (0.5,))
    sounds = [soundfile.info(path) for path in (clip.folder / "audio").iterdir()]
    assert [(s.samplerate, s.subtype, s.frames) for s in sounds] == [(16_000, "PCM_24", 32_000)] * 3


def test_a_trial_run_takes_five_files(data_set, run):
    for step in ("videos", "annotations"):
        code, text = run(step, "--test")
        assert (code, "5 of 5 are in" in text) == (0, True)
    processed = data_set / "mic-mp4-processed"
    assert sorted(path.name for path in processed.iterdir()) == NAMES[:5]
    assert len(list(processed.rglob("*.metadata.json"))) == 5


def test_flattened_files_lie_in_one_folder(data_set, run):
    for step in ("annotations", "videos"):
        assert run(step, "--test", "--flatten")[0] == 0
    names = {path.name for path in (data_set / "mic-mp4-processed").iterdir()}
    suffixes = ("frames.npy", "metadata.json", "times.csv")
    assert names == {f"{name}.{suffix}" for name in NAMES[:5] for suffix in suffixes}


def test_failures_are_listed_and_do_not_stop_the_others(data_set, run):
    (data_set / "mic-mp4" / f"{NAMES[3]}_mic.mp4").write_text("no video")
    code, text = run("videos", "-vw", 32, "-vh", 24)
    assert code == 1
    assert f"{NAMES[3]}  " in text
    assert "convert it to mp4" in text
    assert "9 of 10 are in" in text
    assert run("videos", "-vw", 32, "-vh", 24)[0] == 1  # those that are finished are no failure


def test_an_annotation_that_cannot_be_read_is_listed(data_set, run):
    (data_set / "times-txt" / f"{NAMES[3]}_times.txt").write_text("soon wood hit\n")
    code, text = run("annotations")
    assert code == 1
    assert f"{NAMES[3]}_times.txt: line 1" in text
    assert "9 of 10 are in" in text


def test_the_split_is_the_same_whatever_order_files_are_found_in(data_set, run, monkeypatch):
    assert run("split", "-o", data_set / "one")[0] == 0
    found = Path.glob
    monkeypatch.setattr(Path, "glob", lambda *arguments: sorted(found(*arguments), reverse=True))
    assert run("split", "-o", data_set / "two")[0] == 0
    lists = [(data_set / folder / "train.txt").read_text() for folder in ("one", "two")]
    assert lists[0] == lists[1]
    assert len(lists[0].split()) == 7


def test_ready_lists_are_taken_as_they_are(data_set, run):
    texts = {"train": "\n".join(NAMES[:8]) + "\n", "val": f"{NAMES[8]}\n", "test": f"{NAMES[9]}\n"}
    for name, text in texts.items():
        (data_set / f"{name}.txt").write_text(text)
    assert run("split", "--from_lists", data_set)[0] == 0
    for name, text in texts.items():
        assert (data_set / "mic-mp4-processed" / f"{name}.txt").read_text() == text


def test_the_published_split_is_the_papers(data_set, run):
    sizes = {name: len(read_list(PUBLISHED_SPLIT, name)) for name in SPLITS}
    assert sizes == {"train": 683, "val": 98, "test": 196}
    for name in {video for split in SPLITS for video in read_list(PUBLISHED_SPLIT, split)}:
        (data_set / "mic-mp4" / f"{name}_mic.mp4").touch()
    assert run("split", "--published_split")[0] == 0
    for split in SPLITS:
        assert read_list(data_set / "mic-mp4-processed", split) == read_list(PUBLISHED_SPLIT, split)


def read_list(folder: Path, split: str) -> list[str]:
    return (folder / f"{split}.txt").read_text().split()


def test_the_published_split_needs_all_videos(data_set, run):
    code, text = run("split", "--published_split")
    assert code == 2
    assert "lists videos that are not there: 2015-0" in text


@pytest.mark.parametrize("step", STEPS)
def test_a_folder_without_files_is_one_sentence_and_exit_code_2(tmp_path, run, monkeypatch, step):
    monkeypatch.setenv("DIR_DATA", str(tmp_path))
    code, text = run(step)
    assert code == 2
    assert text.startswith(f"syncfusion: {tmp_path}/greatest-hits/")
    assert "give the folder of such files by --input_dir_" in text
    assert text.count("\n") == 1


@pytest.mark.parametrize(
    ("step", "options", "complaint"),
    [
        ("videos", ["-abd", "8"], "invalid choice: 8"),
        ("videos", ["--frames", "png"], "invalid choice: 'png'"),
        ("videos", ["-nw", "0"], "'0' is no whole number of 1 or more"),
        ("videos", ["-vfps", "fast"], "'fast' is no whole number"),
        ("split", ["-trs", "0.9"], "1 in sum"),
        ("split", ["-trs", "1.9"], "'1.9' is no number of 0 to 1"),
        ("split", ["--from_lists", "nowhere"], "no list nowhere/train.txt"),
        ("annotations", ["--times"], "expected one argument"),
    ],
)
def test_bad_options_are_one_sentence_and_exit_code_2(data_set, run, step, options, complaint):
    code, text = run(step, *options)
    assert code == 2
    assert complaint in text
    assert text.count("\n") == 1


@pytest.mark.parametrize("step", STEPS)
def test_a_folder_that_cannot_be_written_to_is_exit_code_2(data_set, run, tmp_path, step):
    (tmp_path / "file").touch()
    code, text = run(step, "-o", tmp_path / "file")
    assert code == 2
    assert text.startswith(f"syncfusion: cannot write to the folder {tmp_path}/file")
    assert text.count("\n") == 1


def test_defaults_are_taken_from_the_file_env(data_set, run, tmp_path, monkeypatch):
    monkeypatch.delenv("DIR_DATA")
    (tmp_path / ".env").write_text(f"DIR_DATA={tmp_path / 'data'}\n")
    monkeypatch.chdir(tmp_path)
    assert run("split")[0] == 0
    assert (data_set / "mic-mp4-processed" / "train.txt").is_file()


@pytest.mark.slow
def test_ctrl_c_leaves_nothing_half_written_and_the_next_run_goes_on(data_set, run):
    processed = data_set / "mic-mp4-processed"
    long = make_video(data_set / "long.mp4", regular(25, 3000), size=(320, 240))
    for name in NAMES[2:]:
        shutil.copy(long, data_set / "mic-mp4" / f"{name}_mic.mp4")
    script = subprocess.Popen(
        [sys.executable, SCRIPTS / "gh_preprocess_videos.py", "-nw", "2"],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell may ignore it
    )
    deadline = time.monotonic() + 120
    while not list(processed.glob(".syncfusion-*/*.npy")) and time.monotonic() < deadline:
        time.sleep(0.01)
    script.send_signal(signal.SIGINT)
    _, text = script.communicate(timeout=60)
    assert script.returncode == 130
    assert text.splitlines()[-1].startswith("syncfusion: stopped")
    assert "Traceback" not in text
    done = [path.name for path in processed.iterdir()]
    assert len(done) < len(NAMES)
    assert all(ClipFiles(processed / name, name).metadata.is_file() for name in done)
    assert run("videos", "--test")[0] == 0


def test_a_real_clip_is_processed_as_published(greatest_hits, run, tmp_path, monkeypatch):
    name = "2015-09-29-14-31-41-1"
    folder = tmp_path / "greatest-hits"
    shutil.copy(greatest_hits / "videos" / f"{name}_mic.mp4", make(folder / "mic-mp4"))
    shutil.copy(greatest_hits / "times" / f"{name}_times.txt", make(folder / "times-txt"))
    monkeypatch.setenv("DIR_DATA", str(tmp_path))
    assert run("videos")[0] == 0
    assert run("annotations")[0] == 0
    assert run("split", "-trs", 1, "-vls", 0, "-tss", 0)[0] == 0
    (clip,) = open_split(folder / "mic-mp4-processed", "train")
    assert clip.pixels.shape == (211, 240, 320, 3)
    assert clip.track.times == OnsetTrack.read(folder / "times-txt" / f"{name}_times.txt").times

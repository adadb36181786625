"""Whatever is wrong: one sentence on stderr, exit code 2, nothing written, nothing changed."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from helpers.media_files import make_video
from helpers.places import SAMPLE
from helpers.presets import make_preset
from syncfusion.cli.app import main


@pytest.fixture
def folder(tiny_preset, clip, tmp_path, monkeypatch):
    """A working folder with all kinds of broken files, and a good clip."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    shutil.copy(clip, "clip.mp4")
    Path("tiny").symlink_to(tiny_preset)
    lacks = shutil.ignore_patterns("diffusion.safetensors", "prompt.*")
    shutil.copytree(tiny_preset, "lacking", ignore=lacks)
    Path("garbled").mkdir()
    Path("garbled/preset.yaml").write_text("steps: [")
    Path("text.mp4").write_text("not a video\n" * 100)
    Path("cut.mp4").write_bytes(clip.read_bytes()[:2000])
    Path("short.mp4").write_bytes(SAMPLE.read_bytes()[:40_000])  # its index comes first
    Path("empty.mp4").touch()
    make_video(tmp_path / "hollow.mp4", [])
    Path("text.wav").write_text("not a sound\n" * 100)
    soundfile.write("silent.wav", np.zeros(480), 48_000)
    csvs = {
        "late": "0.5\n2.5\n",
        "negative": "-0.5\n",
        "words": "0.5\nsoon,metal hit\n",
        "nan": "nan\n",
        "gain": "0.5,metal hit,1,inf\n",
    }
    for name, text in csvs.items():
        Path(f"{name}.csv").write_text(text)
    Path("binary.csv").write_bytes(b"\x89PNG\x00\x80" * 20)
    return tmp_path


def contents(folder):
    return {
        path: hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in folder.rglob("*")
    }


def words(line):
    """Split a command; LONG stands for ten thousand characters, '' for nothing."""
    return [{"LONG": "metal " * 1667, "''": ""}.get(word, word) for word in line.split()]


GENERATE = {
    "missing.mp4 --prompt hit": "there is no file missing.mp4",
    ". --prompt hit": "is a folder",
    "text.mp4 --prompt hit": "text.mp4 is not a video",
    "cut.mp4 --prompt hit": "cut.mp4 is damaged or cut off",
    "short.mp4 --prompt hit": "short.mp4 is cut off: 150 of 200 pictures are missing",
    "empty.mp4 --prompt hit": "empty.mp4 is empty",
    "hollow.mp4 --prompt hit": "hollow.mp4 has no",
    "silent.wav --prompt hit": "silent.wav has no video",
    "clip.mp4 --prompt hit --onsets missing.csv": "cannot read the onsets missing.csv",
    "clip.mp4 --prompt hit --onsets late.csv": "onset 2 at 2.5 s is past the end",
    "clip.mp4 --prompt hit --onsets negative.csv": "onset 1 is at -0.5 s",
    "clip.mp4 --prompt hit --onsets words.csv": "line 2 has the time 'soon",
    "clip.mp4 --prompt hit --onsets nan.csv": "line 1 has the time 'nan'",
    "clip.mp4 --prompt hit --onsets gain.csv": "line 1 has the gain 'inf'",
    "clip.mp4 --prompt hit --onsets binary.csv": "it is not a text file",
    "clip.mp4 --prompt hit --onsets tiny": "cannot read the onsets tiny",
    "clip.mp4 --prompt LONG": "the prompt has 10002 characters",
    "clip.mp4 --prompt ''": "has no words",
    "clip.mp4": "there is nothing to render from; give --prompt, --reference or --library",
    "clip.mp4 --prompt hit --reference silent.wav": "not allowed with",
    "clip.mp4 --reference missing.wav": "there is no file missing.wav",
    "clip.mp4 --reference text.wav": "text.wav is not a video or sound file",
    "clip.mp4 --reference clip.mp4": "has no sound stream",
    "clip.mp4 --reference silent.wav": "choose a recording with an audible sound",
    "clip.mp4 --reference silent.wav -o silent.mp4": "silent.wav is an input itself",
    "clip.mp4 --prompt hit -o clip.mp4": "clip.mp4 is an input itself",
    "clip.mp4 --prompt hit -o ./garbled/../clip.mp4": "is an input itself",
    "clip.mp4 --prompt hit -o ''": "must end in one of",
    "clip.mp4 --prompt hit -o '' --variations 2": "must end in one of",
    "clip.mp4 --prompt hit -o out.avi": "out.avi must end in one of .mp4",
    "clip.mp4 --prompt hit -o out.webm": "out.webm cannot hold the h264 pictures",
    "clip.mp4 --prompt hit -o text.wav/out.mp4": "cannot write to the folder",
    "clip.mp4 --prompt hit -o /proc/out.mp4": "cannot write to the folder /proc",
    "clip.mp4 --prompt hit --preset none": "there is no preset 'none'",
    "clip.mp4 --prompt hit --preset lacking": "lacks lacking/diffusion.safetensors",
    "clip.mp4 --prompt hit --preset garbled": "garbled/preset.yaml is not understood",
    "clip.mp4 --prompt hit --device cuda": "cannot compute on 'cuda'",
    "clip.mp4 --prompt hit --device abacus": "invalid choice: 'abacus'",
    "clip.mp4 --prompt hit --steps 0": "--steps: '0' is no whole number of 1 or more",
    "clip.mp4 --prompt hit --steps few": "'few' is no whole number",
    "clip.mp4 --prompt hit --guidance nan": "--guidance: 'nan' is no number",
    "clip.mp4 --prompt hit --seed -1": "--seed: '-1' is no whole number of 0 or more",
    "clip.mp4 --prompt hit --seed 99999999999": "the seed 99999999999 is out of range",
    "clip.mp4 --prompt hit --threshold 2": "--threshold: '2' is no number of 0 to 1",
    "clip.mp4 --prompt hit --variations 0": "--variations: '0'",
}
DETECT = {
    "missing.mp4": "there is no file missing.mp4",
    "text.mp4 -o found.csv": "text.mp4 is not a video",
    "clip.mp4 -o clip.mp4": "clip.mp4 is the video itself",
    "clip.mp4 -o text.wav/found.csv": "cannot write to the folder",
    "clip.mp4 -o tiny": "tiny is a folder",
    "clip.mp4 --threshold nan": "'nan' is no number of 0 to 1",
    "clip.mp4 --preset lacking": "lacks lacking/diffusion.safetensors",
}
COMMANDS = [
    *((f"generate {line}", reason) for line, reason in GENERATE.items()),
    *((f"detect {line}", reason) for line, reason in DETECT.items()),
    ("", "COMMAND"),
    ("dance", "invalid choice: 'dance'"),
    ("synthesize -o made --scenes 0", "'0' is no whole number"),
    ("synthesize -o made --seconds nan", "'nan' is no number"),
    ("synthesize -o made --seconds 0", "a scene of 0 s is too short"),
    ("shards missing -o made", "missing"),
]


@pytest.mark.parametrize(("line", "reason"), COMMANDS)
def test_it_is_told_in_one_sentence_and_nothing_is_written(folder, capsys, line, reason):
    arguments, before = words(line), contents(folder)
    if arguments[:1] in (["generate"], ["detect"]) and "--preset" not in arguments:
        arguments += ["--preset", "tiny"]
    with pytest.raises(SystemExit) as end:
        main(arguments)
    said = capsys.readouterr()
    sentence = said.err.splitlines()[-1]
    assert end.value.code == 2
    assert sentence.startswith("syncfusion")
    assert reason in sentence
    assert said.out == ""
    assert contents(folder) == before


def test_only_the_sentence_is_said_where_no_work_was_begun(folder, capsys):
    with pytest.raises(SystemExit):
        main(["generate", "clip.mp4", "--prompt", "hit", "-o", "text.wav/out.mp4"])
    assert len(capsys.readouterr().err.splitlines()) == 1


def start(*arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "syncfusion", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        # a test run started in the background of a script has interruptions ignored
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def read_until(stream, text):
    """Read a pipe up to some text; a bar ends its lines with a carriage return."""
    seen = b""
    while text not in seen:
        piece = os.read(stream.fileno(), 4096)
        if not piece:
            break
        seen += piece
    return seen


@pytest.mark.slow
def test_an_interruption_while_rendering_leaves_nothing(folder):
    make_preset(folder / "slow", steps=100_000)
    before = contents(folder)
    process = start(
        "generate", "clip.mp4", "--prompt", "hit", "--preset", "slow", "-o", "new/out.mp4"
    )
    assert b"Rendering sound" in read_until(process.stderr, b"Rendering sound")
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=20)[1].decode()
    assert process.returncode == 130
    assert said.splitlines()[-1].startswith("syncfusion: stopped")
    assert "Traceback" not in said
    assert contents(folder).keys() - before.keys() == {folder / "new"}


def test_an_interruption_while_starting_is_told_the_same_way(folder):
    before = contents(folder)
    process = start("generate", "clip.mp4", "--prompt", "hit", "--preset", "tiny")
    maps = Path(f"/proc/{process.pid}/maps")
    while process.poll() is None and "libtorch" not in maps.read_text():
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=20)[1].decode()
    assert (process.returncode, len(said.split("\n"))) == (130, 3)
    assert "syncfusion: stopped" in said
    assert contents(folder) == before

"""What the user made is never replaced unasked, whichever command writes."""

from pathlib import Path

import pytest

from helpers.places import SAMPLE
from syncfusion.cli import main
from syncfusion.track import OnsetTrack

REFUSAL = "is there already and was not made by syncfusion, or was changed since"


@pytest.fixture
def run(capsys):
    """Run a command; return its exit code and what it wrote to stderr."""

    def run_command(*arguments: object) -> tuple[int, str]:
        try:
            main(list(map(str, arguments)))
            code = 0
        except SystemExit as ending:
            code = int(ending.code or 0)
        return code, capsys.readouterr().err

    return run_command


@pytest.fixture
def take(tmp_path, clip) -> Path:
    path = tmp_path / "take.mp4"
    path.write_bytes(clip.read_bytes())
    return path


def refuses(run, mine: Path, *arguments: object) -> None:
    """A file of the user's stays until --overwrite is given."""
    content = mine.read_bytes()
    code, text = run(*arguments)
    assert code == 2
    assert REFUSAL in text
    assert "--overwrite" in text
    assert mine.read_bytes() == content
    assert run(*arguments, "--overwrite")[0] == 0
    assert mine.read_bytes() != content


def test_detect_keeps_edited_onsets(run, take, tiny_preset):
    command = ("detect", take, "--preset", tiny_preset)
    assert run(*command)[0] == 0
    assert run(*command)[0] == 0, "its own result, unchanged, is replaced"
    edited = take.with_suffix(".onsets.csv")
    edited.write_text("time,label\n0.75,mine\n")
    refuses(run, edited, *command)


@pytest.mark.parametrize("suffix", [".wav", ".json", ".onsets.csv", ".mov"])
def test_generate_keeps_what_lies_beside_its_result(run, take, tiny_preset, suffix):
    mine = take.with_suffix(suffix)
    mine.write_bytes(b"a recording")
    command = ("generate", take, "--prompt", "wood hit", "-o", take.with_suffix(".mov"))
    refuses(run, mine, *command, "--preset", tiny_preset)


def test_the_onsets_given_keep_their_comments_and_columns(run, take, tiny_preset):
    output = take.with_name("out.mp4")
    given = output.with_suffix(".onsets.csv")
    given.write_text("# two good ones\ntime;label;Note\n1,5;b;second\n0,5;a;first\n")
    content = given.read_bytes()
    command = ("generate", take, "--prompt", "wood hit", "--onsets", given, "-o", output)
    assert run(*command, "--preset", tiny_preset)[0] == 0
    assert given.read_bytes() == content
    assert run(*command, "--preset", tiny_preset, "--overwrite")[0] == 0
    assert given.read_bytes() == content
    assert OnsetTrack.read(given).extras[0] == {"Note": "first"}


@pytest.mark.slow
def test_draw_keeps_a_picture(run, tmp_path, take, tiny_preset):
    sound, onsets = tmp_path / "out.wav", tmp_path / "out.onsets.csv"
    run("generate", take, "--prompt", "x", "-o", tmp_path / "out.mp4", "--preset", tiny_preset)
    picture = tmp_path / "out.png"
    picture.write_bytes(b"a photograph")
    refuses(run, picture, "draw", sound, onsets, picture)


def test_convert_keeps_weights(run, tmp_path, tiny_preset):
    folder = tmp_path / "mine"
    folder.mkdir()
    weights = folder / "onset.safetensors"
    weights.write_bytes(b"weights of another model")
    refuses(run, weights, "checkpoints", "convert", tiny_preset, folder, "--kind", "onset")


@pytest.mark.slow
def test_the_sample_clip_keeps_a_video(run, tmp_path):
    mine = tmp_path / "sample.mp4"
    mine.write_bytes(SAMPLE.read_bytes()[:1000])
    code, text = run("synthesize", "--sample", tmp_path)
    assert code == 2
    assert REFUSAL in text


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("prompt.safetensors", ("prompt", "--steps", 0, "--objects", 1)),
        ("onset.yaml", ("calibrate", "--data", "nowhere")),
        ("diffusion.yaml", ("publish", "--diffusion", "missing.ckpt")),
    ],
)
def test_training_keeps_the_weights_of_a_preset(run, tmp_path, name, command):
    mine = tmp_path / name
    mine.write_bytes(b"weights of another model")
    code, text = run("train", *command, "-o", tmp_path)
    assert code == 2
    assert f"{name} {REFUSAL}" in text
    assert mine.read_bytes() == b"weights of another model"

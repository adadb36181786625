"""Many videos by one command: each is done, or named with what is wrong with it."""

import shutil
from pathlib import Path

import pytest

from syncfusion.cli.app import main
from syncfusion.track import OnsetTrack


@pytest.fixture
def folder(tiny_preset, clip, tmp_path, monkeypatch):
    """A working folder with two clips, a broken one, and a list of all three."""
    monkeypatch.chdir(tmp_path)
    for name in ("one.mp4", "two.mp4"):
        shutil.copy(clip, name)
    Path("broken.mp4").write_text("not a video\n" * 100)
    Path("list.txt").write_text("# of today\none.mp4\n\nbroken.mp4\ntwo.mp4\n")
    return tmp_path


@pytest.fixture
def run(tiny_preset, capsys):
    """Run a command with the tiny preset; return its exit code, its lines and its errors."""

    def run_command(line: str) -> tuple[int, list[str], str]:
        try:
            main([*line.split(), "--preset", str(tiny_preset), "--device", "cpu"])
            code = 0
        except SystemExit as ending:
            code = int(ending.code or 0)
        written = capsys.readouterr()
        return code, written.out.splitlines(), written.err

    return run_command


TABLE = ["failed      because", "broken.mp4  broken.mp4 is not a video", "2 of 3 videos are done"]


@pytest.mark.parametrize("named", ["@list.txt", "--list list.txt", "one.mp4 broken.mp4 two.mp4"])
def test_a_broken_one_is_named_at_the_end_and_the_others_are_done(folder, run, named):
    code, lines, _ = run(f"detect {named}")
    assert code == 2
    assert [
        line.split(";")[0][: len(row)] for line, row in zip(lines[-3:], TABLE, strict=True)
    ] == (TABLE)
    assert lines[0] == "one.onsets.csv"
    assert {path.name for path in folder.glob("*.onsets.csv")} == {
        "one.onsets.csv",
        "two.onsets.csv",
    }
    assert not list(folder.glob(".syncfusion-*"))


def test_models_are_loaded_once_for_all(folder, run, monkeypatch):
    import syncfusion.product
    from syncfusion.cli.models import load_once

    loads, load = [], syncfusion.product.load
    monkeypatch.setattr(
        syncfusion.product, "load", lambda *a, **o: loads.append(a) or load(*a, **o)
    )
    load_once.cache_clear()
    assert run("generate one.mp4 two.mp4 --prompt wood -o made")[0] == 0
    assert len(loads) == 1
    assert {path.name for path in Path("made").glob("*.mp4")} == {"one.sync.mp4", "two.sync.mp4"}


def test_results_of_many_are_those_of_each(folder, run):
    run("generate one.mp4 --prompt wood -o alone.mp4")
    run("generate @list.txt --prompt wood -o made")
    assert Path("made/two.sync.wav").read_bytes() == Path("alone.wav").read_bytes()


def test_resume_leaves_out_what_is_done_and_keeps_what_was_edited(folder, run):
    assert run("detect one.mp4 two.mp4 -o found")[0] == 0
    first, second = Path("found/one.onsets.csv"), Path("found/two.onsets.csv")
    untouched = first.stat().st_mtime_ns
    second.write_text("time\n0.75\n")
    code, lines, _ = run("detect one.mp4 two.mp4 -o found --resume")
    assert code == 2
    assert "was changed since" in lines[-2]
    assert first.stat().st_mtime_ns == untouched
    assert second.read_text() == "time\n0.75\n"
    assert run("detect one.mp4 two.mp4 -o found --resume --overwrite")[0] == 0
    assert second.read_text() != "time\n0.75\n"
    assert first.stat().st_mtime_ns == untouched


def test_resume_of_generate_leaves_out_what_is_done(folder, run):
    assert run("generate one.mp4 --prompt wood -o made.mp4")[0] == 0
    untouched = Path("made.mp4").stat().st_mtime_ns
    assert run("generate one.mp4 --prompt wood -o made.mp4 --resume")[1] == ["made.mp4"]
    assert Path("made.mp4").stat().st_mtime_ns == untouched
    Path("made.json").unlink()
    assert run("generate one.mp4 --prompt wood -o made.mp4 --resume")[0] == 0
    assert Path("made.json").is_file()


def test_corrected_onsets_of_each_are_taken_from_a_folder(folder, run):
    Path("found").mkdir()
    Path("found/one.onsets.csv").write_text("time\n0.5\n1.25\n")
    code, lines, _ = run("generate one.mp4 two.mp4 --prompt wood --onsets found -o made")
    assert code == 2
    assert "cannot read the onsets found/two.onsets.csv" in lines[-2]
    assert list(OnsetTrack.read("made/one.sync.onsets.csv").times) == [0.5, 1.25]


@pytest.mark.slow
def test_workers_do_the_same(folder, run):
    run("detect one.mp4 two.mp4 -o here")
    code, lines, _ = run("detect @list.txt -o there --workers 2")
    assert code == 2
    assert lines[-1] == "2 of 3 videos are done"
    for name in ("one.onsets.csv", "two.onsets.csv"):
        assert Path("there", name).read_bytes() == Path("here", name).read_bytes()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("detect", "no video is given; name one or more"),
        ("detect @missing.txt", "cannot read the list missing.txt"),
        ("detect one.mp4 two.mp4 -o list.txt", "list.txt is a file; the results of several"),
        ("detect one.mp4 ./one.mp4", "would have the same names"),
        ("generate one.mp4 two.mp4 --prompt wood --onsets list.txt", "the onsets of one video"),
        ("generate one.mp4 two.mp4", "there is nothing to render from"),
    ],
)
def test_what_cannot_be_done_is_refused_before_any_work(folder, run, line, reason):
    before = {path.name for path in folder.iterdir()}
    code, lines, error = run(line)
    assert (code, lines) == (2, [])
    assert reason in error.splitlines()[-1]
    assert {path.name for path in folder.iterdir()} == before

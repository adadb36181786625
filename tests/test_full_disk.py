"""A disk that is full: every writer ends in one sentence, and keeps what was there."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from helpers.full_disk import contents, limited_files, read_only_disk, small_disk
from helpers.kill_jobs import UNATTENDED
from helpers.kill_points import ended, finish, prepared, start
from helpers.writers import WRITERS, make_inputs
from syncfusion.command import run_command

Disk = Callable[[Path], AbstractContextManager[Callable[[], None]]]
DISKS: dict[str, Disk] = {
    "small disk": small_disk,
    "limited files": limited_files,
    "read-only disk": read_only_disk,
}
FRESH = ("project",)  # where an old file is opened, and refused when it holds anything else
ROOM = ("disk", "No space left", "File too large", "Read-only")  # what a sentence says of the disk
SLOW = ("report",)  # it encodes sounds and pictures in the system's temporary folder first
CASES = [
    pytest.param(name, disk, marks=[pytest.mark.slow] if name in SLOW else [])
    for name in WRITERS
    for disk in DISKS
    if (name, disk) != ("report", "limited files")
]


@pytest.fixture(scope="module")
def inputs(tmp_path_factory) -> Path:
    return make_inputs(tmp_path_factory.mktemp("inputs"))


@pytest.fixture(autouse=True)
def notes_elsewhere(tmp_path, monkeypatch):
    monkeypatch.setenv("SYNCFUSION_HOME", str(tmp_path / "home"))


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(("name", "disk"), CASES)
def test_a_full_disk_is_one_sentence_and_loses_nothing(name, disk, inputs, tmp_path, capsys):
    out, write = tmp_path / "out", WRITERS[name]
    out.mkdir()
    write(inputs, out)
    whole = contents(out)
    for path in map(out.joinpath, whole):
        path.unlink() if name in FRESH else path.write_bytes(b"old")
    before = contents(out)
    capsys.readouterr()
    with DISKS[disk](out) as release:
        with pytest.raises(SystemExit) as end:
            run_command(lambda: write(inputs, out) and None)
        assert contents(out) == before
        release()
        sentence = capsys.readouterr().err.strip().splitlines()[-1]
        assert (end.value.code, sentence.count("syncfusion:")) == (2, 1)
        assert str(out) in sentence
        assert any(words in sentence for words in ROOM)
        assert ".syncfusion-" not in sentence
        write(inputs, out)
        assert contents(out).keys() == whole.keys()


@pytest.mark.slow
@pytest.mark.parametrize("part", [0.0, 0.4, 0.9])
@pytest.mark.parametrize("name", UNATTENDED)
def test_a_command_that_met_a_full_disk_ends_well_when_there_is_room(name, part, tmp_path):
    with prepared(tmp_path) as jobs:
        [job] = [job for job in jobs if job.name == name]
        reference, work = tmp_path / "reference", tmp_path / "work"
        finish(start(job, reference), reference)
        size = sum(map(len, contents(reference / "out").values()))
        with small_disk(work / "out", round(size * part)) as release:
            assert ended(process := start(job, work), 300)
            text = (work / "log.txt").read_text()
            assert process.exitcode in (1, 2)  # 1 after a table of videos that failed
            assert any(words in text for words in ROOM)
            assert "Traceback" not in text
            assert ".syncfusion-" not in text
            left = [path for path in contents(work / "out") if Path(path).name.startswith(".")]
            assert left == []
            release()
            finish(start(job, work), work)
            assert job.differ(work / "out", reference / "out") is None

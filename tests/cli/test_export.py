"""The command ``syncfusion export``, and ``generate --export``."""

import json
import sys

import pytest

from helpers.exchange_files import TRACK, by_rpp, session
from helpers.presets import make_preset
from syncfusion.cli import main
from syncfusion.exchange import CATALOGUE, read_events
from syncfusion.track import OnsetTrack


@pytest.fixture
def run(capsys):
    """Run a command; return its exit code, stdout and stderr."""

    def run_command(*arguments):
        try:
            main(list(map(str, arguments)))
            code = 0
        except SystemExit as ending:
            code = int(ending.code or 0)
        return code, *capsys.readouterr()

    return run_command


@pytest.fixture
def onsets(tmp_path):
    path = tmp_path / "clip.onsets.csv"
    path.write_text(TRACK.to_csv())
    return path


def test_every_format_is_written_beside_the_onsets(run, onsets):
    for name, facts in CATALOGUE.items():
        if name != "csv":
            code, out, err = run("export", onsets, "--format", name, "--rate", "25")
            assert (code, err) == (0, "")
            path = onsets.with_name(f"clip.onsets{facts.suffix}")
            assert out.splitlines() == [str(path), "4 onsets"]
            assert path.is_file()


def test_a_session_of_stems_goes_to_reaper_and_comes_back(run, onsets, tmp_path):
    session(tmp_path)  # writes the stems
    project = tmp_path / "clip.rpp"
    stems = tmp_path / "stems"
    assert run("export", onsets, "--format", "reaper", "--stems", stems, "-o", project)[0] == 0
    assert by_rpp(project.read_bytes()) == pytest.approx(TRACK.times, abs=1e-6)
    project.write_text(project.read_text().replace("POSITION 1.250000000", "POSITION 1.350000000"))
    back = tmp_path / "back.csv"
    command = ("export", project, "--original", onsets, "--format", "csv", "-o", back)
    code, out, _ = run(*command)
    assert code == 0
    assert "0 added, 1 moved, 0 deleted, 0 changed" in out
    track = OnsetTrack.read(back)
    assert track.times == pytest.approx((0.5, 1.35, 2.002083, 2.5), abs=1e-6)
    assert track.extras[0]["prompt"] == "a plank"
    assert track.extras[1]["locked"] == "1"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--format", "edl"), "edl counts frames; give the picture's rate by --rate"),
        (("--format", "edl", "--start-tc", "01:00:00:00"), "a start needs the picture's rate"),
        (("--format", "edl", "--rate", "25", "--start-tc", "01:00"), "'01:00' is no timecode"),
        (("--format", "edl", "--rate", "fast"), "'fast' is no frame rate"),
        (("--format", "reaper", "--stems", "nowhere"), "there is no folder nowhere of stems"),
        (("--format", "cue", "--sound", "none.wav"), "cannot read the sound none.wav"),
        (("--format", "csv"), "is an input itself; choose another name by -o"),
        (("--format", "aaf"), "invalid choice: 'aaf'"),
    ],
)
def test_what_cannot_be_exported_ends_in_one_sentence(run, onsets, options, sentence):
    code, _, err = run("export", onsets, *options)
    assert code == 2
    assert sentence in err
    assert err.count("\n") == 1


def test_a_file_that_others_made_is_kept(run, onsets):
    command = ("export", onsets, "--format", "audacity")
    assert run(*command)[0] == 0
    assert run(*command)[0] == 0, "its own result, unchanged, is replaced"
    mine = onsets.with_suffix(".txt")
    mine.write_text("1.0\t1.0\tmine\n")
    code, _, err = run(*command)
    assert code == 2
    assert "--overwrite" in err
    assert run(*command, "--overwrite")[0] == 0
    assert len(read_events(mine)) == 4


def test_a_file_of_another_project_is_refused_and_nothing_is_written(run, onsets, tmp_path):
    project, back = tmp_path / "p.rpp", tmp_path / "back.csv"
    session(tmp_path)  # writes the stems
    run("export", onsets, "--format", "reaper", "--stems", tmp_path / "stems", "-o", project)
    other = tmp_path / "other.csv"
    other.write_text("time,label\n0.1,glass\n1.7,leaf\n")
    command = ("export", project, "--original", other, "--format", "csv", "-o", back)
    code, _, err = run(*command)
    assert (code, err.count("\n"), back.exists()) == (2, 1, False)
    assert "is of another project" in err
    other.write_text(f"{other.read_text()}0.5,wood hit\n")  # one event of it is enough
    assert run(*command)[0] == 0


def test_generate_reads_and_writes_any_format(run, clip, tmp_path, tiny_preset):
    labels, output = tmp_path / "in.txt", tmp_path / "out.mp4"
    labels.write_text("0.500000\t0.500000\twood hit\n")
    command = ("generate", clip, "--prompt", "wood hit", "--onsets", labels, "-o", output)
    command = (*command, "--preset", tiny_preset, "--start-tc", "01:00:00:00")
    code, out, err = run(*command, "--export", "csv,edl,cue,json")
    assert code == 0, err
    files = [output.with_suffix(f".onsets{end}") for end in (".edl", ".wav", ".json")]
    assert [line for line in out.splitlines() if line in map(str, files)] == list(map(str, files))
    assert "01:00:00:" in files[0].read_text()
    assert b"prompt wood hit" in files[1].read_bytes()
    assert read_events(files[2]).times == (0.5,)
    assert output.with_suffix(".json").is_file()
    taken = files[0]
    taken.write_text("mine")
    code, _, err = run(*command, "--export", "edl")
    assert code == 2
    assert "was not made by syncfusion" in err
    assert run(*command, "--export", "aaf")[0] == 2


def test_a_delivered_wav_says_what_its_sound_was_made_by(run, clip, tmp_path):
    said = {"training_data": "forty bells", "licence": "CC0 1.0"}
    preset = make_preset(tmp_path / "preset", **said)
    command = ("generate", clip, "--prompt", "wood hit", "--preset", preset, "--export", "cue")
    code, _, err = run(*command, "-o", tmp_path / "out.mp4")
    assert code == 0, err
    record = json.loads((tmp_path / "out.json").read_text())
    assert record["preset"] | said == record["preset"]
    sound = (tmp_path / "out.onsets.wav").read_bytes()
    assert b"trained on forty bells; licence CC0 1.0" in sound[sound.index(b"iXML") :]


def test_rate_start_and_length_come_from_the_picture(run, onsets, clip, tmp_path):
    onsets.write_text("time\n0.5\n")
    command = ("export", onsets, "--format", "edl", "--video", clip, "--start-tc", "10:00:00:00")
    code, _, err = run(*command)
    assert (code, err) == (0, "")
    assert "10:00:00:" in onsets.with_suffix(".edl").read_text()
    onsets.write_text("time\n1000\n")
    code, _, err = run(*command)
    assert code == 2
    assert "past the end of the clip" in err


@pytest.mark.parametrize("name", ["fcp7", "otio"])
def test_a_format_whose_library_is_not_there_names_its_extra(run, onsets, monkeypatch, name):
    monkeypatch.setitem(sys.modules, "opentimelineio", None)
    code, _, err = run("export", onsets, "--format", name, "--rate", "25")
    assert code == 2
    assert err.endswith("is not installed; run pip install 'syncfusion[otio]'\n")

"""docs/designer-session.md, run line by line; the project is read by an independent library."""

import json
import re
import shlex
import shutil

import pytest
import soundfile

from helpers.places import REPOSITORY
from helpers.presets import make_preset
from helpers.struck_sounds import save, struck
from syncfusion.cli.app import main

PAGE = (REPOSITORY / "docs" / "designer-session.md").read_text()
NO_MODEL = "syncfusion.rendering.events.sampling.draw"


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def run(clip, tmp_path, tmp_path_factory, monkeypatch, capsys):
    """Run a block of the page in a folder as it asks for; return what was printed."""
    preset = make_preset(tmp_path_factory.mktemp("preset") / "events", render="events")
    monkeypatch.chdir(tmp_path)
    shutil.copy(clip, "clip.mp4")
    (tmp_path / "events.csv").write_text(*blocks("csv"))
    for number in (1, 2):
        knock = struck([0.1], seconds=0.5, seed=number)
        save(knock, tmp_path / "sounds" / "wood" / f"knock {number}.wav")

    def run_block(place):
        for line in blocks("sh")[place].splitlines():
            words = shlex.split(line)[1:]
            main([*words, *(["--preset", str(preset)] if words[0] == "generate" else [])])
        return capsys.readouterr().out

    return run_block


def sound(name):
    return soundfile.read(name, dtype="int32")[0]


def items(name):
    """Track, position, length and file of every item, by the rpp library."""
    rpp = pytest.importorskip("rpp")
    with open(name) as file:
        project = rpp.load(file)
    return [
        (
            track.find("NAME")[1],
            float(item.find("POSITION")[1]),
            item.find("SOURCE").find("FILE")[1],
        )
        for track in project.findall("TRACK")
        for item in track.findall("ITEM")
    ]


@pytest.mark.slow
def test_a_designers_session_goes_to_the_workstation_and_back(run, tmp_path, monkeypatch):
    run(0)
    stems = sorted(path.name for path in (tmp_path / "out.stems").iterdir())
    assert stems == ["glass-hit.wav", "metal-hit.wav", "wood-hit.wav"]
    assert (sum(sound(f"out.stems/{name}") for name in stems) == sound("out.wav")).all()
    assert items("out.onsets.rpp") == [
        ("wood hit", pytest.approx(0.2), "out.stems/wood-hit.wav"),
        ("wood hit", pytest.approx(1.6), "out.stems/wood-hit.wav"),
        ("metal hit", pytest.approx(0.7), "out.stems/metal-hit.wav"),
        ("glass hit", pytest.approx(1.2), "out.stems/glass-hit.wav"),
    ]
    made = json.loads((tmp_path / "out.json").read_text())["events"]
    assert ["recording" in event for event in made] == [True, False, False, True]

    project = (tmp_path / "out.onsets.rpp").read_text()
    assert "PROJOFFS 3600.0" in project
    edited = project.replace("POSITION 0.700000000", "POSITION 0.750000000")
    (tmp_path / "edited.rpp").write_text(edited)
    monkeypatch.setattr(NO_MODEL, None)  # all takes are kept
    assert "0 added, 1 moved, 0 deleted, 0 changed" in run(1)
    before, after = sound("out.wav"), sound("second.wav")
    changed = (before != after).nonzero()[0] / 48_000
    assert 0.69 < changed[0] < 0.71
    for name in ("wood-hit", "glass-hit"):
        assert (sound(f"out.stems/{name}.wav") == sound(f"second.stems/{name}.wav")).all()

    run(2)
    named = [f"clip_FOLEY_{name}_v01_1ch_48k_24b_25" for name in ("glass-hit", "metal-hit")]
    assert sorted(path.stem for path in (tmp_path / "delivery.stems").iterdir())[:2] == named
    lead = 2 * 48_000
    assert (sound("delivery.wav")[lead : lead + len(after)] == after).all()

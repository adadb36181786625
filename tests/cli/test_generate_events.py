"""``syncfusion generate`` by events: prompts of their own, stems, takes that stay."""

import json

import pytest
import soundfile
from wavinfo import WavInfoReader

from helpers.presets import make_preset
from helpers.struck_sounds import struck
from syncfusion.cli.app import main
from syncfusion.exchange import read_events
from syncfusion.media import read_audio

EVENTS = """time,label,gain,prompt,reference,locked
0.2,wood hit,0.25,,,1
0.9,metal hit,0.25,glass hit,,
1.4,wood hit,0.25,,knock.wav,
"""


@pytest.fixture(scope="module")
def preset(tmp_path_factory):
    """A tiny preset that renders by events."""
    return make_preset(tmp_path_factory.mktemp("preset") / "by-events", render="events")


@pytest.fixture
def generate(preset, clip, tmp_path, capsys):
    """Run generate on the events; further options as words. Returns what was printed."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "events.csv").write_text(EVENTS)
    soundfile.write(tmp_path / "in" / "knock.wav", [0.5, -0.5, 0.25] * 3000, 48_000)

    def run(*words, onsets=tmp_path / "in" / "events.csv", output=tmp_path / "out.mp4"):
        command = ["generate", clip, "--preset", preset, "--onsets", onsets, "-o", output, *words]
        main([str(word) for word in command])
        return capsys.readouterr().out.splitlines()

    return run


def sound(path):
    return soundfile.read(path, dtype="int32")[0]


def test_the_preset_decides_and_an_option_overrides_it(generate, tmp_path):
    modes = []
    for words in ((), ("--render", "track")):
        generate("--prompt", "leaf hit", *words)
        modes.append(json.loads((tmp_path / "out.json").read_text())["mode"])
    assert modes == ["events", "track"]


def test_stems_are_named_printed_and_add_up(generate, tmp_path):
    lines = generate("--prompt", "leaf hit", "--stems")
    stems = [tmp_path / "out.stems" / f"{name}.wav" for name in ("leaf-hit", "glass-hit", "knock")]
    assert [line for line in lines if "out.stems" in line] == list(map(str, stems))
    assert (sum(map(sound, stems)) == sound(tmp_path / "out.wav")).all()


def test_labels_are_prompts_where_asked_and_then_no_prompt_is_needed(generate, tmp_path):
    generate("--by-label", "--stems")
    assert sorted(path.stem for path in (tmp_path / "out.stems").iterdir()) == [
        "glass-hit",
        "knock",
        "wood-hit",
    ]


def test_the_table_that_was_written_gives_the_same_sound_from_its_own_folder(generate, tmp_path):
    generate("--prompt", "leaf hit", "--seed", 5)
    written = tmp_path / "out.onsets.csv"
    again = tmp_path / "again.mp4"
    generate("--prompt", "leaf hit", onsets=written, output=again)
    assert (tmp_path / "again.wav").read_bytes() == (tmp_path / "out.wav").read_bytes()
    assert [extra["seed"] for extra in read_events(written).extras] == ["5", "6", "7"]
    assert read_events(written).extras[2]["reference"] == "in/knock.wav"


def test_a_table_that_was_edited_is_kept_and_rendered_in_place(generate, tmp_path):
    generate("--prompt", "leaf hit")
    written = tmp_path / "out.onsets.csv"
    before = read_events(written).extras
    edited = f"# mine\n{written.read_text()}0.600000,,1.0,1.0,,,,,\n"
    written.write_text(edited)
    generate("--prompt", "leaf hit", onsets=written)
    assert written.read_text() == edited
    made = json.loads((tmp_path / "out.json").read_text())["events"]
    assert [event["seed"] for event in made] == [0, 3, 1, 2]
    assert {event["id"] for event in made} >= {extra["id"] for extra in before}


def test_variations_are_other_takes_of_all_but_locked_events(generate, tmp_path):
    lines = generate("--prompt", "leaf hit", "--variations", 3, "--seed", 10)
    names = [line.split()[1] for line in lines[-3:]]
    assert sorted(names) == ["out-2.mp4:", "out-3.mp4:", "out.mp4:"]
    scores = [float(line.split("onset F ")[1].split(",")[0]) for line in lines[-3:]]
    assert scores == sorted(scores, reverse=True)
    seeds = [
        [event["seed"] for event in json.loads((tmp_path / f"out{n}.json").read_text())["events"]]
        for n in ("", "-2", "-3")
    ]
    assert seeds[0] == [10, 11, 12]
    assert len({seed for row in seeds for seed in row[1:]}) == 6
    reseeded = tmp_path / "out.onsets.csv"
    generate("--prompt", "leaf hit", "--variations", 2, onsets=reseeded, output=tmp_path / "b.mp4")
    first, second = (
        [event["seed"] for event in json.loads((tmp_path / f"b{n}.json").read_text())["events"]]
        for n in ("", "-2")
    )
    assert first == [10, 11, 12]
    assert second[0] == 10
    assert set(second[1:]).isdisjoint(first)


def test_stems_go_into_a_workstations_file_by_their_names(generate, tmp_path):
    rpp = pytest.importorskip("rpp")
    generate("--prompt", "leaf hit", "--stems", "--export", "reaper")
    project = rpp.loads((tmp_path / "out.onsets.rpp").read_text())
    tracks = project.findall(".//TRACK")
    assert [track.find("NAME")[1] for track in tracks] == ["leaf hit", "glass hit", "knock"]
    sources = [source.find("FILE")[1] for source in project.findall(".//SOURCE")]
    assert sources == ["out.stems/leaf-hit.wav", "out.stems/glass-hit.wav", "out.stems/knock.wav"]


def test_pops_lead_into_sound_and_stems_but_not_into_the_video(generate, tmp_path):
    rpp = pytest.importorskip("rpp")
    plain = tmp_path / "plain.mp4"
    generate("--prompt", "leaf hit", "--stems", output=plain)
    words = ("--pops", "--start-tc", "01:00:00:00", "--name-template", "{video}_{group}_v{take}")
    lines = generate("--prompt", "leaf hit", "--stems", *words, "--export", "reaper,cue")
    stems = [tmp_path / f"out.stems/clip_{g}_v01.wav" for g in ("leaf-hit", "glass-hit", "knock")]
    assert [line for line in lines if "out.stems" in line] == list(map(str, stems))
    lead, n_samples = 96_000, len(sound(tmp_path / "plain.wav"))
    for path in (tmp_path / "out.wav", *stems):
        assert WavInfoReader(str(path)).bext.time_reference == 3600 * 48_000 - lead
        assert sound(path)[:lead].any()
    whole = sound(tmp_path / "out.wav")
    assert (whole[lead : lead + n_samples] == sound(tmp_path / "plain.wav")).all()
    picture = slice(lead, lead + n_samples)
    assert (sum(sound(path)[picture] for path in stems) == whole[picture]).all()
    heard = [read_audio(path).samples for path in (tmp_path / "out.mp4", plain)]
    assert heard[0].equal(heard[1])
    project = rpp.loads((tmp_path / "clip_onsets_v01.rpp").read_text())
    offsets = [float(item.find("SOFFS")[1]) for item in project.findall(".//ITEM")]
    assert offsets == pytest.approx([2.2, 2.9, 3.4])
    assert (tmp_path / "clip_onsets_v01.wav").is_file()


def test_variations_are_scored_without_their_pops(generate):
    plain = generate("--prompt", "leaf hit", "--variations", 2)
    again = ("--pops", "--start-tc", "01:00:00:00", "--overwrite")
    assert generate("--prompt", "leaf hit", "--variations", 2, *again)[-2:] == plain[-2:]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--prompt", "hit", "--pops"), "give the first picture's timecode by --start-tc"),
        (("--prompt", "hit", "--name-template", "{scene}"), "names have no field {scene}"),
        (("--render", "track", "--stems", "--prompt", "hit"), "has no stems; render events"),
        (("--render", "track"), "needs a prompt"),
        ((), "event 1 at 0.2 s has no prompt"),
    ],
)
def test_what_cannot_be_rendered_is_one_sentence_and_nothing_is_left(
    generate, tmp_path, capsys, words, reason
):
    with pytest.raises(SystemExit) as end:
        generate(*words)
    assert end.value.code == 2
    assert reason in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_a_library_needs_no_prompt_where_its_recordings_suit(generate, tmp_path):
    (tmp_path / "lib" / "wood").mkdir(parents=True)
    burst = struck([0.1], seconds=0.5).samples[0].numpy()
    soundfile.write(tmp_path / "lib" / "wood" / "knock 1.wav", burst, 48_000)
    onsets = tmp_path / "wood.csv"
    onsets.write_text("time,label\n0.2,wood hit\n1.4,wood\n")
    generate("--library", tmp_path / "lib", "--room", "small", "--ambience", onsets=onsets)
    made = json.loads((tmp_path / "out.json").read_text())
    assert [event["recording"]["file"][-11:] for event in made["events"]] == ["knock 1.wav"] * 2
    assert made["surroundings"] == {"room": "small", "ambience_db": -60.0}


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--prompt", "hit", "--room", "attic"), "there is no room 'attic'"),
        (("--library", "gone"), "the library gone is no folder"),
        (("--library", ".", "--render", "track"), "leave --render track out"),
        (("--prompt", "hit", "--ambience", "7"), "no number of -120 to 0"),
    ],
)
def test_rooms_and_libraries_that_are_none_are_refused(generate, words, reason, capsys, tmp_path):
    with pytest.raises(SystemExit) as end:
        generate(*words)
    assert end.value.code == 2
    assert reason in capsys.readouterr().err.splitlines()[-1]
    assert not (tmp_path / "out.mp4").exists()

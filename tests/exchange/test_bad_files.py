"""What other programs and people hand over, and cannot be used, ends in one sentence."""

import io
import re
import struct
from fractions import Fraction

import mido
import pytest

from helpers.exchange_files import TRACK, session
from syncfusion.errors import InputError
from syncfusion.exchange import Session, Timeline, find_stems, read_events, returned, write_events
from syncfusion.track import OnsetTrack

PAL = Timeline.starting("01:00:00:00", Fraction(25))
EDL = """TITLE: x
FCM: {count}

001  001      V     C        {timecode} {timecode} {timecode} {timecode}
 |C:ResolveColorBlue |M:wood hit |D:1
"""
RPP = '<REAPER_PROJECT 0.1 "7.0" 0\n{}\n>\n'
CSV = "#,Name,Start,End,Length\nM1,a,{},,\n"


@pytest.fixture
def read(tmp_path):
    """Read a file of some content."""

    def read_file(name, content, duration=None, timeline=PAL):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_events(path, duration, timeline)

    return read_file


def midi_file(**options) -> bytes:
    file = mido.MidiFile(ticks_per_beat=480, **options)
    file.tracks.append(
        mido.MidiTrack([mido.Message("note_on", note=40, velocity=50, time=480)] * 2)
    )
    content = io.BytesIO()
    file.save(file=content)
    return content.getvalue()


def smpte() -> bytes:
    content = bytearray(midi_file())
    content[12:14] = struct.pack(">bB", -25, 40)
    return bytes(content)


REFUSED = {
    "smpte.mid": (smpte(), "counts time in frames (SMPTE division)"),
    "none.mid": (b"no midi at all", "is no MIDI file"),
    "cut.mid": (midi_file()[:20], "is no MIDI file"),
    "songs.mid": (midi_file(type=2), "songs that do not run together"),
    "drop.edl": (
        EDL.format(count="DROP FRAME", timecode="01:00:01;00"),
        "counts drop frame, the picture does not",
    ),
    "rate.edl": (
        EDL.format(count="NON-DROP FRAME", timecode="01:00:01:29"),
        "is no timecode at 25 frames a second; frames go up to 24",
    ),
    "early.edl": (
        EDL.format(count="NON-DROP FRAME", timecode="00:59:59:24"),
        "lies before the picture's first frame, 01:00:00:00; give the right start by --start-tc",
    ),
    "bars.csv": (CSV.format("5.1.00"), "counts bars and beats"),
    "words.csv": (CSV.format("soon"), "'soon' is no time"),
    "early.csv": (CSV.format("00:59:00:00"), "lies before the picture's first frame"),
    "negative.rpp": (RPP.format('MARKER 1 -0.5 "a" 0'), "is at -0.5 s; times start at 0"),
    "damaged.rpp": (RPP.format('MARKER 1 half "a" 0'), "is damaged at 'MARKER 1 half a 0'"),
    "other.rpp": ("a text about a project, of no form", "cannot read the onsets"),
    "sound.wav": (b"RIFF\0\0\0\0AVI ", "is no wav"),
    "empty.wav": (b"RIFF\4\0\0\0WAVE", "is a damaged wav"),
    "list.json": ('{"events": 3}', 'has no list "events"'),
    "time.json": ('[{"label": "a"}]', 'event 1 has no "time"'),
    "word.json": ('[{"time": "soon"}]', "event 1 has the time 'soon'; give a number"),
    "deep.json": ('{"events":' * 5000, "is no json (it is nested too deeply)"),
    "digits.csv": (CSV.format("9" * 5000 + ":00"), "… is no time"),
    "seed.csv": ("time,seed\n0.5," + "9" * 5000 + "\n", "give a whole number up to"),
    "half.json": ('{"events": [', "is no json"),
    "zip.dawproject": (b"PK\3\4 and no more", "is no DAWproject"),
    "half.otio": ('{"OTIO_SCHEMA": "Timeline.1"', "cannot be read"),
    "half.xml": ("<?xml version='1.0'?><xmeml", "cannot be read"),
    "columns.spotting.csv": ("cue,timecode in\n1,01:00:00:00\n", "has no column"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_in_one_sentence(read, tmp_path, name):
    content, sentence = REFUSED[name]
    with pytest.raises(InputError, match=re.escape(sentence)) as caught:
        read(name, content)
    assert str(caught.value).startswith(f"cannot read the onsets {tmp_path / name}: ")
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match="none.edl: No such file"):
        read_events(tmp_path / "none.edl")


@pytest.mark.parametrize("name", ["drop.edl", "early.csv"])
def test_what_counts_frames_needs_the_rate(read, name):
    with pytest.raises(InputError, match="give the picture's frame rate by --rate"):
        read(name, REFUSED[name][0], timeline=None)


def test_an_event_past_the_end_is_of_another_project(read):
    with pytest.raises(InputError, match="past the end of the clip.*belongs to this video"):
        read("long.rpp", RPP.format('MARKER 1 60 "a" 0'), duration=3.0)


def test_a_file_of_another_project_keeps_no_event(tmp_path):
    path = tmp_path / "other.txt"
    path.write_text("0.1\t0.1\tdoor\n2.9\t2.9\tdoor\n")
    changes = returned(path, TRACK)
    assert str(changes) == "2 added, 0 moved, 4 deleted, 0 changed"


def test_midi_without_a_tempo_runs_at_120(read):
    track = read("plain.mid", midi_file())
    assert track.times == (0.5, 1.0)
    assert track.gains == (0.5, 0.5)


def test_tempo_changes_count_from_where_they_stand(read):
    file = mido.MidiFile(ticks_per_beat=480)
    tempos = [(0, 500_000), (480, 1_000_000)]
    file.tracks.append(
        mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=t, time=at) for at, t in tempos])
    )
    file.tracks.append(
        mido.MidiTrack([mido.Message("note_on", note=40, velocity=100, time=480)] * 3)
    )
    content = io.BytesIO()
    file.save(file=content)
    assert read("tempi.mid", content.getvalue()).times == pytest.approx((0.5, 1.5, 2.5))


def test_a_wav_that_begins_later_is_placed_by_its_time_reference(read, tmp_path):
    later = Timeline.starting("01:00:10:00", Fraction(25))
    content = write_events(Session(OnsetTrack([0.5], 1.0), timeline=later), "cue")
    assert read("later.wav", content).times == (10.5,)
    assert read("later.wav", content, timeline=None).times == (0.5,)
    with pytest.raises(InputError, match="lies before the picture's first frame"):
        read("later.wav", content, timeline=Timeline.starting("02:00:00:00", Fraction(25)))


def test_a_wav_with_half_a_time_reference_counts_from_its_first_sample(read):
    content = write_events(Session(OnsetTrack([0.5], 1.0), timeline=PAL), "cue")
    place = content.index(b"bext")
    size = struct.unpack_from("<I", content, place + 4)[0]
    short = content[:place] + struct.pack("<4sI", b"bext", 100) + bytes(100)
    assert read("short.wav", short + content[place + 8 + size + size % 2 :]).times == (0.5,)


def test_a_marker_with_a_flag_that_is_no_plain_number_is_no_region(read):
    flags = ("²", "9" * 5000, "x", "0")
    lines = "\n".join(f'MARKER {n} {n} "a" {flag}' for n, flag in enumerate(flags))
    assert read("flags.rpp", RPP.format(lines)).times == (0.0, 1.0, 2.0, 3.0)


@pytest.mark.parametrize(
    ("text", "seconds"), [("1:02:03.5", 3723.5), ("02:03.500", 123.5), ("7.25", 7.25)]
)
def test_reapers_list_may_count_clock_or_seconds(read, text, seconds):
    assert read("list.csv", CSV.format(text)).times == (seconds,)


def test_edited_timecode_of_a_spotting_sheet_counts(read):
    sheet = write_events(Session(OnsetTrack([0.513], 3.0, ["a"]), timeline=PAL), "spotting")
    assert read("a.csv", sheet).times == (0.513,)
    edited = sheet.replace(b"01:00:00:13", b"01:00:02:00")
    assert read("a.csv", edited).times == (2.0,)


def test_an_item_stands_for_its_hit_where_its_edge_was_dragged(read, tmp_path):
    text = write_events(session(tmp_path), "reaper").decode()
    dragged = text.replace("POSITION 1.250000000", "POSITION 1.150000000").replace(
        "SOFFS 1.250000000", "SOFFS 1.150000000"
    )
    track = read("dragged.rpp", dragged)
    assert track.times == pytest.approx(TRACK.times, abs=1e-6)
    turned = text.replace("VOLPAN 1 0 1 -1", "VOLPAN 0.5 0 1 -1").replace("MUTE 0 0", "MUTE 1 0")
    quiet = read("quiet.rpp", turned)
    assert quiet.gains == pytest.approx([gain / 2 for gain in TRACK.gains])
    assert all(extra["mute"] == "1" for extra in quiet.extras)


def test_reapers_own_items_are_events_where_nothing_is_marked(read):
    item = '  <ITEM\n  POSITION 1.5\n  NAME "take 1"\n  >'
    track = read("own.rpp", RPP.format(f'  <TRACK\n  NAME "doors"\n{item}\n  >'))
    assert (track.times, track.labels) == ((1.5,), ("doors",))


def test_labels_that_make_one_file_name_are_refused(tmp_path):
    track = OnsetTrack([0.0, 1.0], labels=["Wood/hit", "wood hit"])
    with pytest.raises(InputError, match=r"'Wood/hit' and 'wood hit' make one file name, wood-hit"):
        find_stems(tmp_path, track)


def test_a_stem_is_found_by_a_part_of_its_name(tmp_path):
    track = OnsetTrack([0.0, 1.0, 2.0], labels=["wood hit", "hit", ""])
    names = ["clip_FOLEY_wood-hit_v01.wav", "hit.wav"]
    for name in names:
        (tmp_path / name).touch()
    found = find_stems(tmp_path, track)
    assert [path.name for path in found.values()] == names
    with pytest.raises(
        InputError, match=r"has no file for the label 'door'; name its stem door.wav"
    ):
        find_stems(tmp_path, OnsetTrack([0.0], labels=["door"]))
    with pytest.raises(InputError, match="there is no folder"):
        find_stems(tmp_path / "none", track)


def test_a_sound_of_16_bits_is_refused(tmp_path):
    import wave

    path = tmp_path / "short.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 48_000, 0, "NONE", ""))
        file.writeframes(bytes(200))
    with pytest.raises(InputError, match="has 16 bits a sample; give a wav of 24 bits"):
        write_events(Session(TRACK, sound=path), "cue")


def test_a_muted_clip_of_a_dawproject_is_a_muted_event(read, tmp_path):
    track = OnsetTrack([0.5, 1.0], 3.0, ["a", "a"], extras=[{"mute": "1"}, {}])
    made = read("mute.dawproject", write_events(session(tmp_path, track=track), "dawproject"))
    assert [extra.get("mute") for extra in made.extras] == ["1", None]

"""Event files as people, spreadsheets and editors write them: understood, or refused in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncfusion.errors import InputError
from syncfusion.event_table import read_table
from syncfusion.text_encoding import decode_text
from syncfusion.track import Onset, OnsetTrack

READ = {
    "times alone, decimal comma": ("time\n0,533\n1,25\n", [Onset(0.533), Onset(1.25)]),
    "tab, decimal comma": ("0,5\tmetal hit\n1,25\tx\n", [(0.5, "metal hit"), (1.25, "x")]),
    "semicolon, decimal comma": ("time;label;gain\n0,5;hit;0,25\n", [(0.5, "hit", 1.0, 0.25)]),
    "semicolon, point": ("time;label;confidence;gain\n0.5;hit;0.9;2\n", [(0.5, "hit", 0.9, 2.0)]),
    "semicolon without header": ("0,5;hit;0,9\n", [(0.5, "hit", 0.9)]),
    "header in another order": ("gain,label,time\n0.25,hit,0.5\n", [(0.5, "hit", 1.0, 0.25)]),
    "time and gain": ("time,gain\n0.5,0.25\n1.25,2\n", [(0.5, "", 1, 0.25), (1.25, "", 1, 2)]),
    "capitals and spaces": (" Time , Label \n0.5, hit \n", [(0.5, "hit")]),
    "all quoted": ('"time","label"\n"0.5","metal, ""loud"" hit"\n', [(0.5, 'metal, "loud" hit')]),
    "quoted decimal comma": ('"time","label"\n"0,5","hit"\n', [(0.5, "hit")]),
    "Excel names the delimiter": ("sep=;\ntime;label\n0,5;hit\n", [(0.5, "hit")]),
    "empty rows": ("time,label,gain\n0.5,hit,1\n,,\n\n,,\n", [(0.5, "hit")]),
    "rows in any order": ("time,label\n2.5,b\n0.5,a\n", [(0.5, "a"), (2.5, "b")]),
    "Audacity, points": ("0.5\t0.5\ta\n1.2\t1.2\tb, soft\n", [(0.5, "a"), (1.2, "b, soft")]),
    "Audacity, no label": ("0,5\t0,5\t\n", [Onset(0.5)]),
    "Audacity, frequencies": ("0.5\t0.5\thit\n\\\t100.0\t200.0\n", [(0.5, "hit")]),
    "Greatest Hits, comma": ("0.5 wood, soft\n1 metal\n", [(0.5, "wood, soft"), (1, "metal")]),
    "a quotation mark in a tabbed label": ('0.5\t0.5\t5" pipe\n', [(0.5, '5" pipe')]),
    "spaces around commas": (" 0.5 , hit \n 1.0 , soft hit\n", [(0.5, "hit"), (1, "soft hit")]),
    "a number as label behind a header": ("time,label\n0.5,5\n", [(0.5, "5")]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "events"), READ.values(), ids=READ.keys())
def test_what_is_written_is_read(text, events):
    assert list(OnsetTrack.from_csv(text)) == [Onset(*event) for event in events]


REFUSED = {
    "decimal comma without header": ("0,533\n1,25\n", "line 1 is '0,533', where the comma may be"),
    "decimal comma and words": ("1,25 cent coin\n", "line 1 is '1,25 cent coin', where the comma"),
    "decimal comma under two columns": ("time,label\n0,533\n", "label '533'"),
    "decimal comma under more columns": ("time,label\n0,533,hit\n", "3 cells for the 2 columns"),
    "two delimiters": ("0.5,hit\n1,5;hit\n", "line 2 has the label '5;hit'"),
    "confidence as label": ("0.5,0.9\n", "label '0.9'"),
    "confidence above 1": ("time,confidence\n0.5,1.25\n", "line 2 has the confidence 1.25"),
    "point and comma": ("time;gain\n0.5;0,25\n", "line 2 has a decimal point, line 2 a decimal"),
    "thousands": ("time;label\n1.234,5;hit\n", "line 2 has the time '1.234,5'"),
    "minutes": (
        "time,label\n0:01.5,hit\n",
        "line 2 has the time '0:01.5'; expected a number of sec",
    ),
    "no time": ("time,label\n,hit\n", "line 2 has the time ''"),
    "another header": ("onset,label\n0.5,hit\n", "line 1 has the time 'onset'"),
    "a column twice": ("time,label,label\n0.5,a,b\n", "names the column 'label' twice"),
    "a column without name": ("time,,label\n0.5,a,b\n", "has an empty name"),
    "a label with a comma": ("time,label\n0.5,wood, soft\n", "put quotes around a cell"),
    "a quote that does not end": ('time,label\n0.5,"hit\n', "check its quotes"),
    "no number": ("time,label\nnan,hit\n", "line 2 has the time 'nan'"),
    "gain of words": ("time,gain\n0.5,loud\n", "line 2 has the gain 'loud'; expected a number"),
}


@pytest.mark.parametrize(("text", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_what_could_be_misread_is_refused(text, message):
    with pytest.raises(InputError) as refusal:
        OnsetTrack.from_csv(text)
    assert message in str(refusal.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_encodings_of_spreadsheets_are_read(tmp_path, encoding, newline):
    path = tmp_path / "onsets.txt"
    path.write_bytes(f"time\tlabel{newline}0.5\tSchlägel{newline}".encode(encoding))
    assert list(OnsetTrack.read(path)) == [Onset(0.5, "Schlägel")]


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n\0\0\0", b"time\n0.5\x81\x8d", b"\xff\xfe\0"]
)
def test_what_is_no_text_is_refused(content):
    with pytest.raises(InputError, match="not a text file; save it as UTF-8"):
        decode_text(content)


def test_columns_it_does_not_know_survive():
    text = "time,label,Note,prompt,end\n0.5,a,first,glass,1.5\n0.25,b,,,\n"
    track = OnsetTrack.from_csv(text)
    assert track.extras[1] == {"Note": "first", "prompt": "glass", "end": "1.5"}
    assert OnsetTrack.from_csv(track.to_csv()).to_csv() == track.to_csv()
    assert track.to_csv().splitlines() == [
        "time,label,confidence,gain,Note,prompt,end",
        "0.250000,b,1.0000,1.0000,,,",
        "0.500000,a,1.0000,1.0000,first,glass,1.5",
    ]


def test_a_region_keeps_its_end():
    track = OnsetTrack.from_csv("0,5\t1,25\tscratch\n")
    assert list(track) == [Onset(0.5, "scratch", extra={"end": "1.25"})]


@given(st.text(max_size=60))
def test_any_text_is_a_track_or_a_sentence(text):
    assert read_or_refused(text.encode()) is not None


@given(st.binary(max_size=60))
def test_any_file_is_a_track_or_a_sentence(content):
    assert read_or_refused(content) is not None


def read_or_refused(content: bytes) -> OnsetTrack | str:
    """The track, or the refusal where it is one line; any other error fails the test."""
    try:
        return OnsetTrack.from_bytes(content)
    except InputError as error:
        (line,) = str(error).splitlines()
        return line


def test_a_header_whose_columns_are_separated_in_two_ways_is_refused():
    with pytest.raises(InputError, match="line 1 is .* separated in two ways"):
        read_table("time,label\tgain\n0.5,a\t1\n")

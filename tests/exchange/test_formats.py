"""Every format is written, and read by an independent library where there is one and by us."""

import contextlib
import re
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest

from helpers.exchange_files import INDEPENDENT, RATE, START, TRACK, session
from helpers.places import REPOSITORY
from syncfusion.errors import InputError
from syncfusion.exchange import (
    CATALOGUE,
    Timeline,
    find_format,
    format_names,
    read_events,
    returned,
    with_ids,
    write_events,
)
from syncfusion.exchange.formats import FORMATS
from syncfusion.track import Onset, OnsetTrack

HALF_A_FRAME = float(1 / RATE / 2)


def precision(name: str) -> float:
    facts = CATALOGUE[name].precision
    return 1.01 * (HALF_A_FRAME if facts is None else facts)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The session with its stems, and the file of each format."""
    folder = tmp_path_factory.mktemp("exchange")
    whole = session(folder)
    files = {}
    for name, facts in CATALOGUE.items():
        files[name] = folder / f"clip.onsets{facts.suffix}"
        files[name].write_bytes(write_events(whole, name))
    return whole, files


def test_the_catalogue_and_the_registry_have_the_same_formats():
    assert list(CATALOGUE) == list(FORMATS)
    assert len({facts.suffix for facts in CATALOGUE.values()}) == len(CATALOGUE)


@pytest.mark.parametrize("name", INDEPENDENT)
def test_an_independent_library_reads_the_times(made, name):
    _, files = made
    times = INDEPENDENT[name][1](files[name].read_bytes())
    assert times == pytest.approx(TRACK.times, abs=precision(name))


@pytest.mark.parametrize("name", CATALOGUE)
def test_what_is_written_is_read(made, name):
    whole, files = made
    track = read_events(files[name], 3.0, whole.timeline)
    assert track.times == pytest.approx(TRACK.times, abs=precision(name))
    assert list(track.labels) == list(TRACK.labels)
    if CATALOGUE[name].identity == "id":
        ids = [extra["id"] for extra in with_ids(TRACK).extras]
        assert [extra["id"] for extra in track.extras] == ids
        assert track.gains == pytest.approx(TRACK.gains)


@pytest.mark.parametrize("name", ["csv", "json"])
def test_tables_keep_the_strength_of_every_event_by_themselves(made, name):
    _, files = made
    track = read_events(files[name], 3.0)
    assert [extra.get("strength", "") for extra in track.extras] == ["", "0.5", "", ""]


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_file_is_known_by_its_content(made, name):
    _, files = made
    found = find_format(files[name].read_bytes())
    assert found == ("csv" if name == "audacity" else name)


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_file_that_comes_back_as_it_went_changes_nothing(made, name):
    whole, files = made
    changes = returned(files[name], TRACK, whole.timeline)
    assert str(changes) == "0 added, 0 moved, 0 deleted, 0 changed"
    assert list(changes.track) == list(with_ids(TRACK))


@pytest.mark.parametrize("name", CATALOGUE)
def test_edits_of_a_workstation_keep_what_it_does_not_know(made, tmp_path, name):
    whole, _ = made
    first, second, third, last = with_ids(TRACK)
    edited = [first, second._replace(time=1.375), last, Onset(2.75, "new")]
    track = OnsetTrack.from_onsets(edited, 3.0)
    stems = {**whole.stems, "new": next(iter(whole.stems.values()))}
    path = tmp_path / f"edited{CATALOGUE[name].suffix}"
    path.write_bytes(write_events(replace(whole, track=track, stems=stems), name))
    changes = returned(path, TRACK, whole.timeline)
    assert str(changes) == "1 added, 1 moved, 1 deleted, 0 changed"
    assert changes.deleted == (third,)
    [pair] = changes.moved
    assert pair.new.time == pytest.approx(1.375, abs=precision(name))
    assert pair.new.extra["locked"] == "1"
    assert changes.track.extras[0]["prompt"] == "a plank"
    assert changes.track.gains[1] == 0.5
    assert changes.track.extras[1]["strength"] == "0.5"


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_same_session_gives_the_same_bytes(made, name):
    whole, files = made
    if name not in ("fcp7", "otio"):  # theirs are the library's
        assert write_events(whole, name) == files[name].read_bytes()


@pytest.mark.parametrize("name", CATALOGUE)
def test_no_event_at_all_is_a_file_too(made, tmp_path, name):
    whole, _ = made
    path = tmp_path / f"none{CATALOGUE[name].suffix}"
    empty = replace(whole, track=OnsetTrack((), 1.0), stems={}, sound=None)
    path.write_bytes(write_events(empty, name))
    assert len(read_events(path, 1.0, whole.timeline)) == 0


@pytest.mark.parametrize("name", [name for name in CATALOGUE if name not in ("csv", "audacity")])
def test_a_file_that_is_cut_off_is_refused_or_read_as_far_as_it_goes(made, tmp_path, name):
    whole, files = made
    content = files[name].read_bytes()
    path = tmp_path / f"half{CATALOGUE[name].suffix}"
    path.write_bytes(content[: len(content) // 2])
    with contextlib.suppress(InputError):
        assert len(read_events(path, 3.0, whole.timeline)) <= len(TRACK)


@pytest.mark.parametrize("rate", ["24000/1001", "24", "25", "30000/1001", "30", "50", "60000/1001"])
@pytest.mark.parametrize("name", ["edl", "spotting", "cue", "fcp7", "otio"])
def test_times_hold_at_every_rate_from_hour_one(tmp_path, rate, name):
    timeline = Timeline.starting(START, Fraction(rate))
    track = OnsetTrack([0.0, 59.99, 600.0], labels=["a", "b", "c"])
    path = tmp_path / f"clip{CATALOGUE[name].suffix}"
    whole = replace(session(tmp_path, stems=False), track=track, timeline=timeline)
    path.write_bytes(write_events(whole, name))
    limit = CATALOGUE[name].precision or float(1 / timeline.rate / 2)
    found = read_events(path, None, timeline)
    assert found.times == pytest.approx(track.times, abs=1.01 * limit)


def test_unknown_names_are_refused():
    assert format_names("midi, edl,midi") == ["midi", "edl"]
    for text in ("midi,aaf", "", ","):
        with pytest.raises(InputError, match="is no format of events; choose from csv, json"):
            format_names(text)


def test_the_table_of_the_page_is_that_of_the_registry():
    page = REPOSITORY.joinpath("docs", "exchange.md").read_text()
    found = re.findall(r"^\| `([\w-]+)` .*$", page, re.MULTILINE)
    assert found == list(CATALOGUE)
    assert "\n".join(row(name) for name in CATALOGUE) in page


def row(name: str) -> str:
    """A line of the table in docs/exchange.md."""
    facts = CATALOGUE[name]
    library = f"{INDEPENDENT[name][0]}, ourselves" if name in INDEPENDENT else "ourselves"
    if facts.precision is None:
        times = "frame"
    elif facts.precision < 1e-4 and name in ("midi", "cue"):
        times = "sample (48 kHz)"
    else:
        times = {1e-9: "exact", 1e-6: "1 µs"}.get(facts.precision, "1 ms")
    cells = (f"`{name}`", f"`{facts.suffix}`", facts.opened_by, times, facts.identity, library)
    return "| " + " | ".join((*cells, facts.source)) + " |"


@pytest.mark.parametrize("name", CATALOGUE)
def test_dense_and_odd_events_come_back_one_by_one(tmp_path, name):
    times = [0.0, 0.0, 0.001, 0.002, 0.5, 0.5, *(1 + n / 200 for n in range(200))]
    odd = ["a | b", "a + b", "x\ty\nz", "", "say \"x\" 'y' `z`", "</name>&amp;"]
    track = OnsetTrack(times, 3.0, [*odd, *["tap"] * 200])
    whole = replace(session(tmp_path, track=track), stems={})
    path = tmp_path / f"dense{CATALOGUE[name].suffix}"
    path.write_bytes(write_events(whole, name))
    assert len(read_events(path, 3.0, whole.timeline)) == len(track)
    changes = returned(path, track, whole.timeline)
    assert str(changes) == "0 added, 0 moved, 0 deleted, 0 changed"


@pytest.mark.parametrize("name", ["reaper", "dawproject", "cue"])
def test_a_whole_sound_is_no_event(tmp_path, name):
    whole = session(tmp_path, stems=False, track=OnsetTrack((), 3.0))
    path = tmp_path / "sound"
    path.write_bytes(write_events(whole, name))
    assert len(read_events(path)) == 0


def test_a_file_that_is_too_large_for_events_is_not_read(tmp_path):
    path = tmp_path / "film.mp4"
    with path.open("wb") as file:
        file.truncate(2**26 + 1)
    with pytest.raises(InputError, match="is too large for a file of events"):
        read_events(path)


@pytest.mark.parametrize("name", CATALOGUE)
def test_damaged_bytes_are_read_or_refused_and_nothing_else(tmp_path, name):
    whole = replace(session(tmp_path, stems=False), sound=None)
    content = write_events(whole, name)
    spoilt = Random(0)
    tail = 2000  # a wav's samples come before it
    for _ in range(60):
        damaged = bytearray(content)
        for _ in range(spoilt.randint(1, 4)):
            place = spoilt.randrange(max(0, len(damaged) - tail), len(damaged))
            length = spoilt.choice([0, 1, 8])
            damaged[place : place + length] = spoilt.choice(
                [b"", b"\n", b"nan", b"\0", b"-1", b"<"]
            )
        with contextlib.suppress(InputError):
            FORMATS[name].read(bytes(damaged), whole.timeline)

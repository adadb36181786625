"""The registry of formats: reads an event file of any of them, and writes one of a given name."""

import re
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from syncfusion.errors import InputError, reading
from syncfusion.exchange import (
    audacity,
    audition,
    bwf,
    dawproject,
    edl,
    jsonfile,
    midi,
    opentimeline,
    reaper,
    reaper_list,
    spotting,
)
from syncfusion.exchange.catalogue import CATALOGUE
from syncfusion.exchange.ids import with_ids
from syncfusion.exchange.matching import Changes, match
from syncfusion.exchange.session import Read, Session, Write, file_name
from syncfusion.exchange.timecode import Timeline
from syncfusion.track import OnsetTrack

BEGINNING = 512  # bytes in which a file's kind is looked for
LARGEST = 2**26  # bytes of a file of events; only wavs and projects with sounds are larger
WITH_SOUND = ("cue", "dawproject")
LARGEST_WITH_SOUND = 2**30  # bytes: an hour and a half of 24 bits in stereo, unpacked into memory


class Format(NamedTuple):
    """What writes and reads the content of a kind of file, and how its beginning is known."""

    write: Write
    read: Read
    beginning: re.Pattern[str]


def _write_table(session: Session) -> bytes:
    return session.track.to_csv().encode()


def _read_table(content: bytes, timeline: Timeline | None) -> OnsetTrack:
    return OnsetTrack.from_bytes(content)


NEVER = re.compile(r"(?!)")  # tables are what is nothing else
FORMATS: dict[str, Format] = {
    "csv": Format(_write_table, _read_table, NEVER),
    "json": Format(jsonfile.write, jsonfile.read, re.compile(r"\s*[\[{](?![^\0]*OTIO_SCHEMA)")),
    "midi": Format(midi.write, midi.read, re.compile("MThd")),
    "cue": Format(bwf.write, bwf.read, re.compile("RIFF|RF64")),
    "reaper": Format(reaper.write, reaper.read, re.compile(r"\s*<REAPER_PROJECT")),
    "reaper-csv": Format(reaper_list.write, reaper_list.read, re.compile("#,Name,Start")),
    "audacity": Format(audacity.write, _read_table, NEVER),
    "audition": Format(audition.write, audition.read, re.compile("Name\tStart\tDuration")),
    "edl": Format(edl.write, edl.read, re.compile(r"\s*(TITLE|FCM):")),
    "spotting": Format(spotting.write, spotting.read, re.compile("cue,timecode in")),
    "dawproject": Format(dawproject.write, dawproject.read, re.compile("PK\x03\x04")),
    "fcp7": Format(
        opentimeline.write_fcp7, opentimeline.read_fcp7, re.compile(r"\s*<(\?xml|!DOCTYPE|xmeml)")
    ),
    "otio": Format(
        opentimeline.write_otio, opentimeline.read_otio, re.compile(r"\s*{[^\0]*OTIO_SCHEMA")
    ),
}


def format_names(text: str) -> list[str]:
    """Return the names in a list that is separated by commas.

    Args:
        text: such as ``midi, edl``; blanks and empty names are passed over.

    Returns:
        Each name once, in the order given; at least one.

    Raises:
        InputError: if one is no format's.
    """
    names = list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    unknown = [name for name in names if name not in FORMATS]
    if unknown or not names:
        raise InputError(
            f"{(unknown or [text])[0]!r} is no format of events; choose from {', '.join(FORMATS)}"
        )
    return names


def find_format(content: bytes, suffix: str = "") -> str:
    """Return the name of a file's format by how it begins, else by the ending of its name."""
    beginning = content[:BEGINNING]
    if beginning.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = beginning.decode("utf-16", "replace")
    else:
        text = beginning.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
    for name, each in FORMATS.items():
        if each.beginning.match(text):
            return name
    by_suffix = {CATALOGUE[name].suffix: name for name in FORMATS}
    return by_suffix.get(suffix.lower(), "csv")


def read_events(
    path: str | Path, duration: float | None = None, timeline: Timeline | None = None
) -> OnsetTrack:
    """Read the events of a file of any format; its content decides, then the ending of its name.

    Args:
        path: the file.
        duration: length of the clip in seconds, to check the times against; None to skip that.
        timeline: of the picture, for formats that count frames; None where it is not known.

    Returns:
        The track, in seconds from the first picture.

    Raises:
        InputError: if the file is missing or not understood, or an event lies outside the clip.
    """
    path = Path(path)
    with reading(f"the onsets {path}"):
        name, content = _content(path)
        return replace(FORMATS[name].read(content, timeline), duration=duration)


def _content(path: Path) -> tuple[str, bytes]:
    """Return the name of a file's format, and what it holds."""
    with path.open("rb") as file:
        beginning = file.read(BEGINNING)
        name = find_format(beginning, path.suffix)
        if path.stat().st_size > (LARGEST_WITH_SOUND if name in WITH_SOUND else LARGEST):
            raise InputError("it is too large for a file of events; choose another file")
        return name, beginning + file.read()


def write_events(session: Session, format: str) -> bytes:
    """Return the content of an event file; every event has an id where the format can hold one.

    Args:
        session: the events, and the sounds that belong to them.
        format: its name.

    Returns:
        The whole file.

    Raises:
        InputError: if there is no such format, or it cannot hold the session.
    """
    [name] = format_names(format)
    return FORMATS[name].write(replace(session, track=with_ids(session.track)))


def returned(path: str | Path, original: OnsetTrack, timeline: Timeline | None = None) -> Changes:
    """Return what a file that came back has changed of the events that it was written from.

    The original is written and read in the file's format first: what that alone changes, such as
    a time that becomes a whole frame, is not the user's change.

    Args:
        path: the file, in any format.
        original: the events with everything known of them; its duration is checked against.
        timeline: as for ``read_events``.

    Returns:
        Additions, moves, deletions and changes, and the events as they are now with everything that
        is known of them.

    Raises:
        InputError: as ``read_events`` does, and where the file has ids of another project alone.
    """
    now = read_events(path, original.duration, timeline)
    name, _ = _content(Path(path))
    old = with_ids(original)
    _check_project(path, now, old)
    session = Session(old, timeline=timeline or Timeline())
    came_with_stems = any("id" in event.extra for event in now)
    stems = {group: Path(f"{file_name(group)}.wav") for group in session.groups}
    stems = stems if came_with_stems else {}
    content = FORMATS[name].write(replace(session, stems=stems))
    return match(old, now, FORMATS[name].read(content, session.timeline))


def _check_project(path: str | Path, now: OnsetTrack, old: OnsetTrack) -> None:
    ids, known = (
        {event.extra["id"] for event in each if "id" in event.extra} for each in (now, old)
    )
    if ids and known and not ids & known:
        raise InputError(
            f"{path} is of another project, none of its events is in the original; "
            "give the onsets that it was written from by --original"
        )

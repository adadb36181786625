"""REAPER projects: a track a group, an item an event on its stem, markers and regions.

Markers have seconds of the project as times; the first picture's timecode is its start. An item
has its event's id, time and gain in its notes, and stands at the event with the sound of before
and after it at hand. Format: the project files that REAPER writes; unknown lines are left out.
"""

import re
from collections.abc import Iterator

from syncfusion.errors import InputError
from syncfusion.exchange.ids import (
    WHOLE_SOUND,
    is_whole_sound,
    label_in,
    place_in_sound,
    read_tag,
    tag,
    tag_values,
)
from syncfusion.exchange.session import Session, SoundClip, columns_of, group_of
from syncfusion.exchange.timecode import Timeline
from syncfusion.text_encoding import decode_text
from syncfusion.track import Onset, OnsetTrack

FIRST_REGION = 1001  # numbers of regions and of markers are separate only in newer versions
WORD = re.compile(r'"([^"]*)"|\'([^\']*)\'|`([^`]*)`|(\S+)')
REGION = re.compile("[0-9]*[13579]")  # flags of a marker whose lowest bit is set
Line = tuple[list[str], list[str]]  # the blocks around a line, and its words


def write(session: Session) -> bytes:
    """Return a project that opens by a double click."""
    start = float(session.timeline.start / session.timeline.rate)
    lines = ['<REAPER_PROJECT 0.1 "7.0" 0', f"  PROJOFFS {start:.9f} 0 0"]
    lines += [f"  SAMPLERATE {session.sample_rate} 1 0", "  TEMPO 120 4 4"]
    for number, event in enumerate(session.track):
        name, end = _quoted(group_of(event)), columns_of(event).end
        if end is None:
            lines.append(f"  MARKER {number + 1} {event.time:.9f} {name} 0")
        else:
            lines.append(f"  MARKER {FIRST_REGION + number} {event.time:.9f} {name} 1")
            lines.append(f'  MARKER {FIRST_REGION + number} {end:.9f} "" 1')
    for name, clips in session.clips():
        lines += ["  <TRACK", f"    NAME {_quoted(name)}"]
        lines += [line for clip in clips for line in _item(clip, session)] + ["  >"]
    return "\n".join([*lines, ">", ""]).encode()


def read(content: bytes, timeline: Timeline | None) -> OnsetTrack:
    """Return the items that came from events, and those beside them; else the markers.

    A project without markers has its items as events. An item stands for its hit where an edge
    was dragged; a region gives the event at its start an end.

    Args:
        content: text of an .rpp file.
        timeline: not used; times are seconds.

    Returns:
        An event per item, its label its track's name, its id that of its notes, its gain theirs
        times the item's volume; or an event per marker or region with its name. The item of a whole
        sound is none. Times are seconds of the project; a region's end and a muted item become
        columns ``end`` and ``mute``.

    Raises:
        InputError: if it is no project of REAPER.
    """
    text = decode_text(content)
    if not text.lstrip().startswith("<REAPER_PROJECT"):
        raise InputError("it is no project of REAPER; save it as .rpp")
    lines = list(_lines(text))
    markers, items = _markers(lines), _items(lines)
    if not items or (markers and not any("id" in item.extra for item in items)):
        return OnsetTrack.from_onsets(markers)
    ends = {(round(m.time, 6), group_of(m)): m.extra for m in markers}
    return OnsetTrack.from_onsets(
        [
            item._replace(
                extra={**ends.get((round(item.time, 6), group_of(item)), {}), **item.extra}
            )
            for item in items
        ]
    )


def _item(clip: SoundClip, session: Session) -> list[str]:
    event = clip.event
    lines = ["    <ITEM", f"      POSITION {clip.start:.9f}"]
    lines += [f"      LENGTH {clip.end - clip.start:.9f}", "      LOOP 0"]
    lines += [f"      MUTE {int(columns_of(event).mute)} 0"] if event else []
    lines += [f"      NAME {_quoted(clip.name)}", "      VOLPAN 1 0 1 -1"]
    lines += [f"      SOFFS {clip.start + session.lead:.9f}", "      <SOURCE WAVE"]
    lines += [f"        FILE {_quoted(session.link(clip.path))}", "      >"]
    remark = tag(event, session.lead) if event else WHOLE_SOUND
    return [*lines, "      <NOTES", f"        |{remark}", "      >", "    >"]


def _lines(text: str) -> Iterator[Line]:
    """Yield every line's words with the names of the blocks around it."""
    blocks: list[str] = []
    for number, line in enumerate(text.splitlines()):
        line = line.strip()
        if line == ">":
            blocks = blocks[:-1]
        elif line.startswith("|"):
            yield [*blocks], ["|", line[1:]]
        elif line:
            words = [next(filter(None, found.groups()), "") for found in WORD.finditer(line)]
            if line.startswith("<"):
                blocks = [*blocks, f"{words[0][1:]} {number}"]
            yield [*blocks], words


def _markers(lines: list[Line]) -> list[Onset]:
    found: list[Onset] = []
    regions: dict[str, int] = {}
    for blocks, words in lines:
        if len(blocks) != 1 or words[0] != "MARKER" or len(words) < 3:
            continue
        number, time, name = words[1], _number(words, 2), words[3] if len(words) > 3 else ""
        is_region = len(words) > 4 and REGION.fullmatch(words[4]) is not None
        if is_region and number in regions:
            place = regions.pop(number)
            found[place] = found[place]._replace(extra={"end": f"{time:.6f}"})
            continue
        if is_region:
            regions[number] = len(found)
        found.append(Onset(time, name))
    return found


def _items(lines: list[Line]) -> list[Onset]:
    """Return the items that play a sound, each named after its track."""
    tracks: dict[str, str] = {}
    items: dict[str, dict[str, list[str]]] = {}
    for blocks, words in lines:
        if len(blocks) == 2 and words[0] == "NAME" and len(words) > 1:
            tracks[blocks[1]] = words[1]
        elif len(blocks) > 2 and blocks[2].startswith("ITEM "):
            cells = items.setdefault(blocks[2], {"track": [blocks[1]]})
            cells.setdefault(words[0], words)
    return [
        _event(cells, tracks.get(cells["track"][0], ""))
        for cells in items.values()
        if not is_whole_sound(_note(cells))
    ]


def _event(cells: dict[str, list[str]], track: str) -> Onset:
    note = _note(cells)
    gain, extra = read_tag(note)
    position = _number(cells.get("POSITION", []), 1)
    values = tag_values(note)
    written = place_in_sound(values)
    if written is not None and "SOFFS" in cells:
        position += written - _number(cells["SOFFS"], 1)
    if cells.get("MUTE", ["", "0"])[1] not in ("0", ""):
        extra["mute"] = "1"
    gain *= _number(cells.get("VOLPAN", ["", "1"]), 1)
    return Onset(position, label_in(values, track), gain=gain, extra=extra)


def _note(cells: dict[str, list[str]]) -> str:
    return cells.get("|", ["", ""])[1]


def _quoted(text: str) -> str:
    """Return a text in quotes it does not hold; REAPER has no escapes."""
    mark = next((mark for mark in "\"'`" if mark not in text), None)
    return f"{mark}{text}{mark}" if mark else "`" + text.replace("`", "'") + "`"


def _number(words: list[str], place: int) -> float:
    try:
        return float(words[place])
    except (IndexError, ValueError) as error:
        line = " ".join(words) or "an item without a position"
        raise InputError(f"it is damaged at {line[:60]!r}; save it anew") from error

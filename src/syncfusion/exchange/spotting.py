"""Spotting sheets: a table for people, with timecode, that spreadsheets open and write."""

import csv
import io

from syncfusion.exchange.clocks import seconds_of, timecode_seconds
from syncfusion.exchange.rows import read_rows
from syncfusion.exchange.session import Session, columns_of, group_of
from syncfusion.exchange.timecode import Timeline
from syncfusion.track import Onset, OnsetTrack

HEADER = ("cue", "timecode in", "timecode out", "seconds", "sound", "gain", "note", "id")


def write(session: Session) -> bytes:
    """Return the sheet; the note is the event's column of that name."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for number, event in enumerate(session.track, 1):
        end = columns_of(event).end
        out = "" if end is None else session.timeline.at(end)
        times = (session.timeline.at(event.time), out, f"{event.time:.6f}")
        note = event.extra.get("note", "")
        cells = (group_of(event), f"{event.gain:.4f}", note, event.extra.get("id", ""))
        writer.writerow((number, *times, *cells))
    return text.getvalue().encode()


def read(content: bytes, timeline: Timeline | None) -> OnsetTrack:
    """Return the cues.

    The seconds count as long as the timecode names their frame; else it was edited, and counts.

    Args:
        content: a table with commas between its cells.
        timeline: of the picture; None where it is not known: then every row needs its seconds, and
            ends are left out.

    Returns:
        An event per row with a timecode in; note, id and the timecode out, in seconds as ``end``,
        become further columns.

    Raises:
        InputError: if a column is missing, or a time is not understood.
    """
    rows = read_rows(content, HEADER[1:6])
    return OnsetTrack.from_onsets([_cue(row, timeline) for row in rows if row["timecode in"]])


def _cue(row: dict[str, str], timeline: Timeline | None) -> Onset:
    cells = {name: row.get(name, "") for name in HEADER}
    start, seconds = cells["timecode in"], cells["seconds"]
    time = seconds_of(seconds, timeline) if seconds else timecode_seconds(start, timeline)
    if timeline is not None and timeline.at(time) != start:
        time = timecode_seconds(start, timeline)
    extra = {name: cells[name] for name in ("note", "id") if cells[name]}
    if cells["timecode out"] and timeline is not None:
        extra["end"] = f"{timecode_seconds(cells['timecode out'], timeline):.6f}"
    return Onset(time, cells["sound"], gain=seconds_of(cells["gain"] or "1", None), extra=extra)

"""The csv of REAPER's Region/Marker Manager: markers M1, M2, …, regions R1, R2, …."""

import csv
import io

from syncfusion.exchange.clocks import clock, seconds_of
from syncfusion.exchange.rows import read_rows
from syncfusion.exchange.session import Session, columns_of, group_of
from syncfusion.exchange.timecode import Timeline
from syncfusion.track import Onset, OnsetTrack

HEADER = ("#", "Name", "Start", "End", "Length")


def write(session: Session) -> bytes:
    """Return the list; an event of some length is a region, any other a marker."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    markers = regions = 0
    for event in session.track:
        end = columns_of(event).end
        if end is None:
            markers += 1
            writer.writerow((f"M{markers}", group_of(event), clock(event.time), "", ""))
        else:
            regions += 1
            times = (clock(event.time), clock(end), clock(end - event.time))
            writer.writerow((f"R{regions}", group_of(event), *times))
    return text.getvalue().encode()


def read(content: bytes, timeline: Timeline | None) -> OnsetTrack:
    """Return the markers and regions, whatever the ruler counts but bars.

    Args:
        content: a table with commas between its cells.
        timeline: of the picture, for times in timecode; None where it is not known.

    Returns:
        An event per row, its label the name; a region's end in seconds as column ``end``.

    Raises:
        InputError: if times are bars and beats, or not understood.
    """
    events = []
    for row in read_rows(content, ("Name", "Start")):
        end = row.get("End", "")
        extra = {"end": f"{seconds_of(end, timeline):.6f}"} if end else {}
        events.append(Onset(seconds_of(row["Start"], timeline), row["Name"], extra=extra))
    return OnsetTrack.from_onsets(events)

"""The list of markers of Adobe Audition: columns separated by tabs, in a file that ends in .csv."""

from syncfusion.exchange.clocks import minutes, seconds_of
from syncfusion.exchange.ids import read_tag, tag
from syncfusion.exchange.rows import read_rows
from syncfusion.exchange.session import Session, columns_of, group_of
from syncfusion.exchange.timecode import Timeline
from syncfusion.track import Onset, OnsetTrack

HEADER = ("Name", "Start", "Duration", "Time Format", "Type", "Description")


def write(session: Session) -> bytes:
    """Return the list; the description of a marker holds the event's id."""
    lines = ["\t".join(HEADER)]
    for event in session.track:
        length = (columns_of(event).end or event.time) - event.time
        cells = (group_of(event), minutes(event.time), minutes(length), "decimal", "Cue")
        lines.append("\t".join((*cells, tag(event))))
    return ("\n".join(lines) + "\n").encode("utf-8-sig")


def read(content: bytes, timeline: Timeline | None) -> OnsetTrack:
    """Return the markers.

    Args:
        content: a table with tabs between its cells.
        timeline: of the picture, for times in timecode; None where it is not known.

    Returns:
        An event per marker, its label the marker's name; the end of one with a length in seconds as
        column ``end``. Gain and id are those of its description.

    Raises:
        InputError: if a column is missing, or a time is not understood.
    """
    events = []
    for cells in read_rows(content, HEADER[:3], delimiter="\t", quoted=False):
        time, length = (seconds_of(cells[name] or "0", timeline) for name in ("Start", "Duration"))
        end = {"end": f"{time + length:.6f}"} if length else {}
        gain, extra = read_tag(cells.get("Description", ""))
        events.append(Onset(time, cells["Name"], gain=gain, extra=end | extra))
    return OnsetTrack.from_onsets(events)

"""Markers as an EDL (CMX 3600 lines with comments), the way DaVinci Resolve reads and writes them.

Timecode counts by the nominal rate and is placed by the true one; a position is a whole frame.
"""

import itertools
import re

from syncfusion.errors import InputError
from syncfusion.exchange.clocks import NO_RATE, timecode_seconds
from syncfusion.exchange.session import Session, group_of
from syncfusion.exchange.timecode import PATTERN, Timeline
from syncfusion.text_encoding import decode_text
from syncfusion.track import Onset, OnsetTrack

COLOUR = "ResolveColorBlue"
JOINED = " + "  # between the names of events that share a frame


def write(session: Session) -> bytes:
    """Return an EDL whose lines Resolve imports as timeline markers.

    Resolve keeps one marker a frame, so events of the same frame share one with all their names.
    """
    timeline, frames = session.timeline, {}
    for event in session.track:
        frames.setdefault(timeline.frame_at(event.time), []).append(group_of(event))
    count = "DROP FRAME" if timeline.drop_frame else "NON-DROP FRAME"
    lines = [f"TITLE: {session.name}", f"FCM: {count}", ""]
    for number, (frame, names) in enumerate(sorted(frames.items()), 1):
        span = f"{timeline.timecode(frame)} {timeline.timecode(frame + 1)}"
        label = JOINED.join(name.replace("|", "/").replace(JOINED, "+") for name in names)
        lines += [f"{number:03}  001      V     C        {span} {span}  "]
        lines += [f" |C:{COLOUR} |M:{label} |D:1", ""]
    return "\n".join(lines).encode()


def read(content: bytes, timeline: Timeline | None) -> OnsetTrack:
    """Return the markers on the picture's timeline; names that share a frame are one event each.

    Args:
        content: text, with a comment ``|M:`` below the line of each marker.
        timeline: of the picture; None is an error, as an EDL states no rate.

    Returns:
        An event per name of a marker, at the time of its frame.

    Raises:
        InputError: if the rate is not known, if it counts frames in another way, or if a marker
            lies before the picture.
    """
    if timeline is None:
        raise InputError(NO_RATE)
    text = decode_text(content)
    declared = re.search(r"^FCM:\s*(NON-)?DROP FRAME", text, re.M)
    if declared and (declared[1] is None) != timeline.drop_frame:
        raise InputError(
            f"it counts {declared[0][4:].strip().lower()}, the picture does not; export it for "
            f"{float(timeline.rate):.5g} frames a second, or give the picture's start by --start-tc"
        )
    events = []
    for line, below in itertools.pairwise([*text.splitlines(), ""]):
        found = [PATTERN.fullmatch(word) for word in line.split()]
        times = [each[0] for each in found if each]
        name = re.search(r"\|M:(.*?)\s*(\||$)", below)
        if times and name:
            time = timecode_seconds(times[-2] if len(times) > 1 else times[0], timeline)
            events += [Onset(time, label.strip()) for label in name[1].split(JOINED)]
    return OnsetTrack.from_onsets(events)

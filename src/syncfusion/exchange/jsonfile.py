"""Events as json: everything that is known of them, and the picture's timeline."""

import json
import math
from typing import Any

from syncfusion.errors import InputError
from syncfusion.exchange.session import Session
from syncfusion.exchange.timecode import Timeline
from syncfusion.plain_values import parse_json
from syncfusion.text_encoding import decode_text
from syncfusion.track import Onset, OnsetTrack

FIELDS = ("time", "label", "confidence", "gain")


def write(session: Session) -> bytes:
    """Return the events, with times as exact as they are."""
    timeline = session.timeline
    events = [
        {"time": e.time, "label": e.label, "confidence": e.confidence, "gain": e.gain, **e.extra}
        for e in session.track
    ]
    content = {
        "format": "syncfusion events",
        "name": session.name,
        "duration": session.track.duration,
        "rate": str(timeline.rate),
        "start": timeline.at(0.0),
        "events": events,
    }
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def read(content: bytes, timeline: Timeline | None) -> OnsetTrack:
    """Return the events of a list of objects, by itself or as ``events`` of an object.

    Args:
        content: text; an object's ``time`` is in seconds, its confidence and gain are 1 where they
            are missing.
        timeline: not used; times are seconds.

    Returns:
        An event per object; what is not its time, label, confidence or gain becomes a further
        column.

    Raises:
        InputError: if it is no json, or an event has no time.
    """
    try:
        whole = parse_json(decode_text(content))
    except ValueError as error:
        raise InputError(f"it is no json ({error}); export it anew") from error
    events = whole.get("events") if isinstance(whole, dict) else whole
    if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
        raise InputError('it has no list "events" of objects with a time; write one')
    return OnsetTrack.from_onsets([_onset(event, n) for n, event in enumerate(events, 1)])


def _onset(event: dict[str, Any], number: int) -> Onset:
    extra = {name: _cell(value) for name, value in event.items() if name not in FIELDS}
    if event.get("time") is None:
        raise InputError(f'event {number} has no "time"; give its seconds')
    numbers = [_seconds(event, name, number) for name in ("time", "confidence", "gain")]
    return Onset(numbers[0], str(event.get("label") or ""), *numbers[1:], extra=extra)


def _seconds(event: dict[str, Any], name: str, number: int) -> float:
    value = event.get(name)
    value = 1.0 if value is None else value
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InputError(f"event {number} has the {name} {value!r}; give a number")
    return float(value)


def _cell(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value)

"""Ids of events, and the remarks in which files of workstations hold them."""

import hashlib
from fractions import Fraction
from urllib.parse import parse_qsl, urlencode

from syncfusion.exchange.session import group_of
from syncfusion.track import Onset, OnsetTrack

TAG = "syncfusion:"
ID_DIGITS = 8
OWN_LABEL = "own label"  # column of an event that is written under the name of its stem
WHOLE_SOUND = f"{TAG}sound=whole"  # of an item that is no event


def with_ids(track: OnsetTrack) -> OnsetTrack:
    """Return the track with an id for every event that has none, the same for the same track.

    An id that occurs a second time, as of a copied event, is replaced.
    """
    ids: set[str] = set()
    own = [event.extra.get("id", "") for event in track]
    events, taken = [], set(own)
    for event, given in zip(track, own, strict=True):
        new, number = given, 0
        while not new or new in ids or (new != given and new in taken):
            text = f"{event.time:.6f} {event.label} {number}"
            new, number = hashlib.sha256(text.encode()).hexdigest()[:ID_DIGITS], number + 1
        ids.add(new)
        events.append(event if new == given else event._replace(extra={**event.extra, "id": new}))
    return OnsetTrack.from_onsets(events, track.duration)


def tag(event: Onset, lead: float | Fraction = 0) -> str:
    """Return an event's id, time and gain as a text for a format's remarks.

    Args:
        event: has an id.
        lead: seconds by which its sound file begins before the first picture, where the format
            holds where an item begins in its file; 0 is left out.

    Returns:
        One line that ``tag_values`` reads.
    """
    values = {"id": event.extra.get("id", ""), "time": f"{event.time:.9f}"}
    values |= {"lead": f"{float(lead):.9f}"} if lead else {}
    if OWN_LABEL in event.extra:
        own = group_of(event._replace(label=event.extra[OWN_LABEL]))
        values |= {"label": own, "group": group_of(event)}
    return TAG + urlencode(values | {"gain": f"{event.gain:.6g}"})


def is_whole_sound(text: str) -> bool:
    """Whether a remark is that of an item which plays the whole sound."""
    return "sound" in tag_values(text)


def read_tag(text: str) -> tuple[float, dict[str, str]]:
    """Return the gain and the id that a remark holds; 1 and nothing for any other remark."""
    values = tag_values(text)
    extra = {"id": values["id"]} if values.get("id") else {}
    return _number(values.get("gain", ""), 1.0), extra


def tag_values(text: str) -> dict[str, str]:
    """Return all values of a remark of ours; empty for any other."""
    _, found, values = text.partition(TAG)
    return dict(parse_qsl(values.split(None, 1)[0])) if found and values.strip() else {}


def label_in(values: dict[str, str], name: str) -> str:
    """Return an event's label, by a remark's values and the name that the file gives it.

    Where it was written under its stem's name, and still has that name, its label is its own.
    """
    return values.get("label", name) if values.get("group", "") == name else name


def place_in_sound(values: dict[str, str]) -> float | None:
    """Return the second of its sound file at which an event was written; None for a foreign one."""
    if "time" not in values:
        return None
    return _number(values["time"], 0.0) + lead_in(values)


def lead_in(values: dict[str, str]) -> float:
    """Return the seconds by which sounds begin before the first picture, by a remark's values."""
    return _number(values.get("lead", ""), 0.0)


def _number(text: str, default: float) -> float:
    try:
        return float(text)
    except ValueError:
        return default

"""Tracks on their way to files: seeds and ids of every event, references beside the table."""

import os
from pathlib import Path

from syncfusion.event_columns import EventColumns, read_columns
from syncfusion.exchange import with_ids
from syncfusion.product.recordings import COLUMN
from syncfusion.rendering import event_seeds
from syncfusion.track import Onset, OnsetTrack


def numbered(track: OnsetTrack, seed: int) -> OnsetTrack:
    """Return the track with a seed and an id for every event, so that an edit leaves the others.

    Args:
        track: the events.
        seed: from which those without one count on.

    Returns:
        The same events; cells that are filled stay.

    Raises:
        InputError: if a cell is not understood.
    """
    seeds = event_seeds([columns.seed for columns in columns_of(track)], seed)
    events = [
        onset._replace(extra={**onset.extra, "seed": str(own)})
        for onset, own in zip(track, seeds, strict=True)
    ]
    return with_ids(OnsetTrack.from_onsets(events, track.duration))


def following(track: OnsetTrack, seed: int) -> tuple[OnsetTrack, int]:
    """Return the next variation of a track: the track and the seed that it is rendered from.

    Args:
        track: the events of a variation.
        seed: from which those without a seed of their own count on.

    Returns:
        The track without seeds and recordings of events that are not locked, so that they get
        another take, and the first seed that this variation has not used.
    """
    events = []
    for onset, columns in zip(track, columns_of(track), strict=True):
        cells = {name: cell for name, cell in onset.extra.items() if name not in ("seed", COLUMN)}
        events.append(onset if columns.locked else onset._replace(extra=cells))
    return OnsetTrack.from_onsets(events, track.duration), seed + max(len(track), 1)


def with_references_from(track: OnsetTrack, old: Path | None, new: Path) -> OnsetTrack:
    """Return a track whose relative references start from another folder.

    Args:
        track: the events.
        old: folder that its references start from; None for the working folder.
        new: folder of the file that it is written to.

    Returns:
        The same events; absolute references stay.
    """
    if (old or Path()).resolve() == new.resolve():
        return track
    events = []
    for onset in track:
        path = Path(onset.extra.get("reference") or "/")
        if not path.is_absolute():
            moved = os.path.relpath((old or Path()) / path, new)
            onset = onset._replace(extra={**onset.extra, "reference": Path(moved).as_posix()})
        events.append(onset)
    return OnsetTrack.from_onsets(events, track.duration)


def columns_of(track: OnsetTrack) -> list[EventColumns]:
    """Return the typed columns of every event; an InputError names the event and the column."""
    return [
        read_columns(onset.extra, onset.time, place_of(place, onset))
        for place, onset in enumerate(track)
    ]


def place_of(place: int, onset: Onset) -> str:
    """Return how a message names an event."""
    return f"event {place + 1} at {onset.time:g} s"

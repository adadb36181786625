"""What a file that comes back has changed, and what is known of its events.

A marker carries a name and a time. What else belongs to an event (prompt, seed, gain, lock) is
given back to it from the track that the file was written from.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from syncfusion.exchange.session import columns_of, group_of
from syncfusion.track import Onset, OnsetTrack

NEAREST = 0.25  # seconds; an event without an id that moved farther is another one
SAME_TIME = 0.0005  # seconds; an event without an id at its very time was renamed
STILL = 1.5e-6  # seconds; event files are written to 1e-6
SAME_GAIN = 1e-4  # event files are written to this
UP, PAIRED, LEFT = 0, 1, 2  # steps through the table of pairs: an old event alone, two, a new one
ROUNDING = 1e-12


class Pair(NamedTuple):
    """An event as it was, and as it came back."""

    old: Onset
    new: Onset


@dataclass(frozen=True)
class Changes:
    """What a file that came back has changed.

    Args:
        track: the events now, each with everything that was known of it.
        added: events that were not there.
        moved: events at another time; one that was also changed stands in both.
        deleted: events that are not there any more.
        changed: events with another label, gain or cell of a further column.
    """

    track: OnsetTrack
    added: tuple[Onset, ...] = ()
    moved: tuple[Pair, ...] = ()
    deleted: tuple[Onset, ...] = ()
    changed: tuple[Pair, ...] = ()

    def __str__(self) -> str:
        counts = ("added", "moved", "deleted", "changed")
        return ", ".join(f"{len(getattr(self, name))} {name}" for name in counts)


def match(old: OnsetTrack, new: OnsetTrack, sent: OnsetTrack | None = None) -> Changes:
    """Return what has changed from one track to another, and all that is known of the events now.

    Events are the same by their id; else by their label and nearest time within 0.25 s, in their
    order; else by their very time.

    Args:
        old: the events, with everything known of them.
        new: what came back.
        sent: ``old`` as its file held it, which may hold less: only what differs from it counts as
            a change. None if the file holds everything; a gain of 1 is then no change.

    Returns:
        Additions, moves, deletions and changes. Columns that ``new`` lacks keep their cells.
    """
    whole = sent is None
    olds, news, sents = list(old), list(new), list(old if sent is None else sent)
    origins = {n: n for n in range(len(olds))}  # place in the old track by that in the sent one
    if not whole:
        origins = {at: n for n, at in _pairs(olds, sents, renamed=NEAREST)}
    places = [(origins[at], at, n) for at, n in _pairs(sents, news) if at in origins]
    made = [Pair(olds[o], _merged(olds[o], sents[at], news[n], whole)) for o, at, n in places]
    ids = {event.extra.get("id") for event in olds}
    fresh = set(range(len(news))) - {n for _, _, n in places}
    added = [_without_id(news[n], ids) for n in sorted(fresh)]
    gone = set(origins.values()) - {o for o, _, _ in places}
    unsent = [olds[n] for n in set(range(len(olds))) - set(origins.values())]
    duration = old.duration if new.duration is None else new.duration
    return Changes(
        OnsetTrack.from_onsets([*(pair.new for pair in made), *unsent, *added], duration),
        tuple(added),
        tuple(pair for pair in made if abs(pair.new.time - pair.old.time) > STILL),
        tuple(olds[n] for n in sorted(gone)),
        tuple(pair for pair in made if _is_changed(*pair)),
    )


def _without_id(event: Onset, ids: set[str | None]) -> Onset:
    """Return a new event; a copy of an old one does not keep its id."""
    if event.extra.get("id") not in ids:
        return event
    return event._replace(extra={k: v for k, v in event.extra.items() if k != "id"})


def _merged(old: Onset, sent: Onset, new: Onset, whole: bool) -> Onset:
    """Return an event with what came back of it, and everything else as it was."""
    time = new.time if abs(new.time - sent.time) > STILL else old.time
    label = old.label if group_of(new) == group_of(sent) else new.label
    same_gain = abs(new.gain - sent.gain) < SAME_GAIN or (whole and new.gain == 1)
    cells = {
        name: cell
        for name, cell in new.extra.items()
        if name != "id" and not _is_same(cell, sent.extra.get(name, ""))
    }
    gain = old.gain if same_gain else new.gain
    extra = {**_with_end_moved(old, time - old.time).extra, **cells}
    return old._replace(time=time, label=label, gain=gain, extra=extra)


def _is_changed(old: Onset, new: Onset) -> bool:
    return new[1:] != _with_end_moved(old, new.time - old.time)[1:]


def _with_end_moved(event: Onset, seconds: float) -> Onset:
    """Return an event whose end, where it has one, is later by so much: a move keeps its length."""
    end = columns_of(event).end
    if end is None or seconds == 0:
        return event
    return event._replace(extra={**event.extra, "end": f"{end + seconds:.6f}"})


def _is_same(one: str, other: str) -> bool:
    """Whether two cells are the same text or number."""
    try:
        return one == other or abs(float(one) - float(other)) <= STILL
    except ValueError:
        return False


def _pairs(
    old: list[Onset], new: list[Onset], *, renamed: float = SAME_TIME
) -> list[tuple[int, int]]:
    """Return the places of events that are the same, one to one, in the order of the new ones.

    Args:
        old: events.
        new: events.
        renamed: seconds between two events that are the same under different labels.

    Returns:
        A place in ``old`` and one in ``new`` for each.
    """
    found = dict(_by_id(old, new))
    for groups, limit in ((group_of, NEAREST), (lambda event: "", renamed)):
        rest = [n for n in range(len(old)) if n not in found]
        free = sorted(set(range(len(new))) - set(found.values()))
        for group in dict.fromkeys(groups(new[n]) for n in free):
            ours = [n for n in rest if groups(old[n]) == group]
            theirs = [n for n in free if groups(new[n]) == group]
            times = ([old[n].time for n in ours], [new[n].time for n in theirs])
            found.update((ours[a], theirs[b]) for a, b in _nearest(*times, limit))
    return sorted(found.items(), key=lambda pair: pair[1])


def _by_id(old: list[Onset], new: list[Onset]) -> Iterator[tuple[int, int]]:
    """Yield the places of events of one id; of copies of one the nearest in time counts."""
    places: dict[str, list[int]] = {}
    for place, event in enumerate(new):
        if event.extra.get("id"):
            places.setdefault(event.extra["id"], []).append(place)
    for place, event in enumerate(old):
        copies = places.pop(event.extra.get("id", ""), [])
        if copies:
            yield place, min(copies, key=lambda n: abs(new[n].time - event.time))


def _nearest(old: list[float], new: list[float], limit: float) -> list[tuple[int, int]]:
    """Return the pairs within a limit, without crossings, whose distances add up to the least.

    An event left alone costs half the limit, so that two within it are rather paired.
    """
    if not old or not new:
        return []
    alone, steps, times = limit / 2, np.arange(len(new) + 1), np.asarray(new)
    costs = steps * alone
    moves = np.full((len(old), len(new) + 1), UP, np.int8)
    for row, time in zip(moves, old, strict=True):
        distance = np.abs(times - time)
        paired = np.where(distance <= limit, costs[:-1] + distance, np.inf)
        best = costs + alone
        row[1:][paired <= best[1:]] = PAIRED
        best[1:] = np.minimum(best[1:], paired)
        costs = np.minimum.accumulate(best - steps * alone) + steps * alone
        row[costs < best - ROUNDING] = LEFT
    pairs, n, m = [], len(old), len(new)
    while n and m:
        move = moves[n - 1, m]
        n, m = n - int(move != LEFT), m - int(move != UP)
        if move == PAIRED:
            pairs.append((n, m))
    return pairs[::-1]

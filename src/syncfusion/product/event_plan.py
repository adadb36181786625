"""A track as a plan: for each event its seed, its prompt, its group, and the take to render."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from syncfusion.constants import MAX_SEED
from syncfusion.diffusion import PromptEmbedding
from syncfusion.errors import InputError
from syncfusion.event_columns import EventColumns, read_columns
from syncfusion.exchange import with_ids
from syncfusion.media import Waveform, read_audio
from syncfusion.rendering import RenderSettings
from syncfusion.rendering.events import Jitter, TakeRequest, event_seeds, jitter_of
from syncfusion.track import Onset, OnsetTrack

REFERENCE = "reference"  # the group of events that imitate the sound given for the whole track
Prompt = str | Waveform | None
Embed = Callable[[str | Waveform], PromptEmbedding]


@dataclass(frozen=True, kw_only=True)
class EventOptions:
    """How events get their prompts.

    Args:
        folder: that relative paths of references start from; None for the working folder.
        by_label: whether the label of an event is its prompt, where it has none of its own.
        round_robin: number of takes of each sound that its events use in turns, each a little
            different; 0 for a take of its own for each event, which locked events always have.
    """

    folder: Path | None = None
    by_label: bool = False
    round_robin: int = 0


class PlannedEvent(NamedTuple):
    """One event: as it stands in the track, and what it is rendered from.

    ``source`` is the text or the path of the reference, and ``group`` the name of all events of
    that source. ``request`` is None for a muted event, ``jitter`` for one that is not varied.
    """

    onset: Onset
    columns: EventColumns
    source: str
    group: str
    request: TakeRequest | None
    jitter: Jitter | None = None


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
    seeds = event_seeds([columns.seed for columns in _columns(track)], seed)
    events = [
        onset._replace(extra={**onset.extra, "seed": str(own)})
        for onset, own in zip(track, seeds, strict=True)
    ]
    return with_ids(OnsetTrack.from_onsets(events, track.duration))


def without_seeds(track: OnsetTrack) -> OnsetTrack:
    """Return the track without the seeds of events that are not locked: they get another take."""
    events = []
    for onset, columns in zip(track, _columns(track), strict=True):
        cells = {name: cell for name, cell in onset.extra.items() if name != "seed"}
        events.append(onset if columns.locked else onset._replace(extra=cells))
    return OnsetTrack.from_onsets(events, track.duration)


def plan_events(
    track: OnsetTrack,
    prompt: Prompt,
    settings: RenderSettings,
    *,
    model: str,
    embed: Embed,
    options: EventOptions,
) -> list[PlannedEvent]:
    """Decide what every event is rendered from.

    Args:
        track: the events; those without a seed count on from the settings'.
        prompt: of events without one of their own; None where all have one.
        settings: how to sample.
        model: hash of what renders.
        embed: of one prompt; called once for each.
        options: where prompts come from.

    Returns:
        One plan per event, in the track's order.

    Raises:
        InputError: if an event has no prompt, or one that cannot be used, or a reference that is
            gone; the message names the event.
    """
    embedded: dict[str, PromptEmbedding] = {}
    planned = []
    for place, onset in enumerate(numbered(track, settings.seed)):
        where = _where(place, onset)
        columns = read_columns(onset.extra, onset.time, where)
        source, given, group = _source(onset, columns, prompt, options, where)
        request = None
        if not columns.mute:
            if source not in embedded:
                embedded[source] = _embedded(given, embed, where, own=given is not prompt)
            seconds = 0.0 if columns.end is None else columns.end - onset.time
            own = replace(settings, seed=_take_seed(columns, settings.seed, options))
            request = _request(embedded[source], own, model, seconds, where)
        varied = options.round_robin and not columns.locked
        jitter = jitter_of(columns.seed or 0) if varied else None
        planned.append(PlannedEvent(onset, columns, source, group, request, jitter))
    return planned


def groups_of(events: Sequence[PlannedEvent]) -> dict[str, list[PlannedEvent]]:
    """Return the events of each group, in the order in which the groups appear."""
    groups: dict[str, list[PlannedEvent]] = {}
    for event in events:
        groups.setdefault(event.group, []).append(event)
    return groups


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


def _columns(track: OnsetTrack) -> list[EventColumns]:
    return [
        read_columns(onset.extra, onset.time, _where(place, onset))
        for place, onset in enumerate(track)
    ]


def _where(place: int, onset: Onset) -> str:
    return f"event {place + 1} at {onset.time:g} s"


def _source(
    onset: Onset, columns: EventColumns, prompt: Prompt, options: EventOptions, where: str
) -> tuple[str, str | Path | Waveform, str]:
    """Return the name of an event's source, what is embedded, and the name of its group."""
    if columns.reference:
        path = (options.folder or Path()) / columns.reference
        return str(path), path, path.stem
    label = " ".join(onset.label.split()) if options.by_label else ""
    text = columns.prompt or label or prompt
    if text is None:
        raise InputError(f"{where} has no prompt; fill its cell, or give one for all events")
    if isinstance(text, Waveform):
        return "", text, REFERENCE
    return text, text, text


def _take_seed(columns: EventColumns, base: int, options: EventOptions) -> int:
    """Return the seed of an event's take: its own, or that of its turn in the round robin."""
    seed = columns.seed or 0
    if not options.round_robin or columns.locked:
        return seed
    return (base + seed % options.round_robin) % (MAX_SEED + 1)


def _embedded(
    given: str | Path | Waveform, embed: Embed, where: str, *, own: bool
) -> PromptEmbedding:
    try:
        return embed(read_audio(given) if isinstance(given, Path) else given).cpu()
    except InputError as error:
        raise InputError(f"{where}: {error}" if own else str(error)) from error


def _request(
    prompt: PromptEmbedding, settings: RenderSettings, model: str, seconds: float, where: str
) -> TakeRequest:
    try:
        return TakeRequest(prompt, settings, model, seconds)
    except InputError as error:
        raise InputError(f"{where}: {error}") from error


def described_events(events: Sequence[PlannedEvent]) -> list[Mapping[str, object]]:
    """Return what each event was made from, as json values."""
    return [
        {
            "id": event.columns.id,
            "time": event.onset.time,
            "seed": event.columns.seed,
            "source": event.source or REFERENCE,
            "group": event.group,
            "take": None if event.request is None else event.request.key,
        }
        for event in events
    ]

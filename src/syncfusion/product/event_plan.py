"""A track as a plan: for each event its seed, its prompt, its group, and the take to render."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from syncfusion.constants import MAX_SEED
from syncfusion.diffusion import PromptEmbedding
from syncfusion.errors import InputError
from syncfusion.event_columns import EventColumns, read_columns
from syncfusion.library import SoundLibrary
from syncfusion.media import Waveform, read_audio
from syncfusion.product.event_tracks import columns_of, numbered, place_of
from syncfusion.product.recordings import COLUMN, LIBRARY, Recording, find_recordings, library_text
from syncfusion.rendering import Jitter, RenderSettings, TakeRequest, jitter_of
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
        library: the user's own recordings, which stand wherever one of them suits; None for none.
        variations: number of variations, from this one on, whose takes are rendered together with
            its own, and kept; 1 for this one alone.
    """

    folder: Path | None = None
    by_label: bool = False
    round_robin: int = 0
    library: SoundLibrary | None = None
    variations: int = 1


class PlannedEvent(NamedTuple):
    """One event: as it stands in the track, and what it is rendered from.

    ``source`` is the text or the path of the reference, and ``group`` the name of all events of
    that source. ``request`` is None for a muted event, and where a ``recording`` stands instead;
    ``jitter`` is None for one that is not varied.
    """

    onset: Onset
    columns: EventColumns
    source: str
    group: str
    request: TakeRequest | None
    jitter: Jitter | None = None
    recording: Recording | None = None

    @property
    def take(self) -> str | None:
        """Key of its take; None for a muted event."""
        source = self.request or self.recording
        return None if source is None else source.key


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
    track = numbered(track, settings.seed)
    recordings = _recordings(track, prompt, options, settings.seed)
    for place, (onset, recording) in enumerate(zip(track, recordings, strict=True)):
        where = place_of(place, onset)
        columns = read_columns(onset.extra, onset.time, where)
        if recording is not None:
            planned.append(_recorded(onset, columns, prompt, recording))
            continue
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


def references_of(events: Sequence[PlannedEvent]) -> list[Path]:
    """Return the files of the sounds that events imitate."""
    paths = {event.source for event in events if event.columns.reference}
    return [Path(path) for path in sorted(paths) if Path(path).is_file()]


def groups_of(events: Sequence[PlannedEvent]) -> dict[str, list[PlannedEvent]]:
    """Return the events of each group, in the order in which the groups appear."""
    groups: dict[str, list[PlannedEvent]] = {}
    for event in events:
        groups.setdefault(event.group, []).append(event)
    return groups


def _recordings(
    track: OnsetTrack, prompt: Prompt, options: EventOptions, seed: int
) -> list[Recording | None]:
    """Return the recording that stands at each event; None where a take is rendered."""
    if options.library is None:
        return [None] * len(track)
    texts = [
        library_text(onset, columns, prompt)
        for onset, columns in zip(track, columns_of(track), strict=True)
    ]
    return find_recordings(options.library, list(track), texts, seed)


def _recorded(
    onset: Onset, columns: EventColumns, prompt: Prompt, recording: Recording
) -> PlannedEvent:
    """Return the plan of an event at which a recording stands; its cell names the recording."""
    text = library_text(onset, columns, prompt) or LIBRARY
    onset = onset._replace(extra={**onset.extra, COLUMN: recording.choice.name})
    return PlannedEvent(onset, columns, text, text, None, recording=recording)


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
        nothing = "no recording that suits and " if options.library else ""
        raise InputError(
            f"{where} has {nothing}no prompt; fill its cell, or give one for all events"
        )
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
            "take": event.take,
            **({"strength": event.columns.strength} if event.columns.strength != 1 else {}),
            **({"recording": event.recording.described()} if event.recording else {}),
        }
        for event in events
    ]

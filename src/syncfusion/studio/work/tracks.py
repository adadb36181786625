"""A project as a track: what is rendered of it, and what is exported."""

from collections.abc import Iterable
from fractions import Fraction

from syncfusion.errors import InputError
from syncfusion.exchange import Timeline
from syncfusion.studio.project import Event, Group, Project
from syncfusion.track import Onset, OnsetTrack


def by_time(project: Project) -> list[Event]:
    """Return the events of a project in the order of their times."""
    return sorted(project.events, key=lambda event: event.time)


def groups_by_id(project: Project) -> dict[str, Group]:
    """Return the groups of a project by id."""
    return {group.id: group for group in project.groups}


def audible(project: Project) -> list[Event]:
    """Return the events that sound, in order: neither muted, nor outshone by a group's solo."""
    groups, has_solo = groups_by_id(project), any(group.solo for group in project.groups)
    return [
        event
        for event in by_time(project)
        if not event.mute
        and not groups[event.group].mute
        and (groups[event.group].solo or not has_solo)
    ]


def sounding_track(project: Project, events: Iterable[Event]) -> OnsetTrack:
    """Return the track from which the takes of some events are rendered.

    Args:
        project: what they belong to.
        events: in the order of their times, muted ones too.

    Returns:
        A track with prompt or reference, seed, end and id of each event.

    Raises:
        InputError: if one has no prompt, reference or library; the message names its group.
    """
    groups = groups_by_id(project)
    onsets = []
    for event in events:
        cells = _source(event, groups[event.group]) | _identity(event)
        label = label_of(event, groups[event.group])
        onsets.append(Onset(event.time, label, gain=event.gain, extra=cells))
    return OnsetTrack.from_onsets(onsets, project.duration)


def exported_track(project: Project) -> OnsetTrack:
    """Return the track that leaves for other programs; an event without a label has its group's."""
    groups = groups_by_id(project)
    onsets = [
        Onset(
            event.time,
            label_of(event, groups[event.group]),
            event.confidence,
            event.gain * groups[event.group].gain,
            _cells(event, groups[event.group]),
        )
        for event in by_time(project)
    ]
    return OnsetTrack.from_onsets(onsets, project.duration)


def label_of(event: Event, group: Group) -> str:
    """Return an event's label, else its group's name, else the group's prompt."""
    return event.label or group.name or group.prompt


def timeline_of(project: Project) -> Timeline:
    """Return the timeline of a project's picture.

    Args:
        project: whose frame rate and first timecode count; without a rate, 25 frames a second.

    Returns:
        The timeline.

    Raises:
        InputError: if its first timecode is none of its frame rate.
    """
    rate = Fraction(*(project.frame_rate or (25, 1)))
    digits = project.start_timecode.replace(";", ":")
    if project.drop_frame:
        digits = ";".join(digits.rsplit(":", 1))
    return Timeline.starting(digits, rate)


def _source(event: Event, group: Group) -> dict[str, str]:
    prompt = " ".join((event.prompt or "").split())
    if prompt:
        return {"prompt": prompt}
    if group.reference is not None:
        return {"reference": group.reference}
    prompt = " ".join(group.prompt.split())
    if not prompt and not group.library:
        raise InputError(
            f"the group {group.name or group.id!r} has no prompt; type one, or give it a sound"
        )
    return {"prompt": prompt} if prompt else {}


def _cells(event: Event, group: Group) -> dict[str, str]:
    try:
        cells = _source(event, group)
    except InputError:
        cells = {}
    cells |= _identity(event)
    if event.mute or group.mute:
        cells["mute"] = "1"
    if event.locked:
        cells["locked"] = "1"
    if event.strength != 1:
        cells["strength"] = repr(event.strength)
    return cells


def _identity(event: Event) -> dict[str, str]:
    """Return the cells that an event has whatever it is rendered from."""
    cells = {"seed": str(event.seed), "id": event.id}
    return cells if event.end is None else cells | {"end": repr(event.end)}

"""The job that reads events which come back from another program."""

from typing import Any

from syncfusion.errors import InputError
from syncfusion.event_columns import read_columns
from syncfusion.exchange import Changes, returned
from syncfusion.studio.folder import UPLOADS
from syncfusion.studio.project import Event, Group, Project
from syncfusion.studio.work.task import Task
from syncfusion.studio.work.tracks import by_time, exported_track, groups_by_id, timeline_of
from syncfusion.track import Onset

COLORS = 12  # of groups, in turn


def import_events(task: Task) -> dict[str, Any]:
    """Match the events of a file with those of the project.

    Args:
        task: the job; "upload" is the name of the file among the uploads, "title" its own name.

    Returns:
        ``diff`` with added, moved, deleted and changed events, and ``events`` and ``groups`` as
        they are after it.

    Raises:
        InputError: if the file is not understood.
    """
    project, upload = task.project, task.folder.file(UPLOADS, task.options["upload"])
    try:
        changes = returned(upload, exported_track(project), timeline_of(project))
    except InputError as error:
        raise InputError(str(error).replace(str(upload), task.options["title"])) from error
    finally:
        upload.unlink(missing_ok=True)
    return _result(project, changes)


def _result(project: Project, changes: Changes) -> dict[str, Any]:
    old = {event.id: event for event in project.events}
    groups = list(project.groups)
    moved = {pair.new.extra["id"] for pair in changes.moved}
    events, added, changed = [], [], []
    for onset in changes.track:
        id = onset.extra.get("id", "")
        if id in old:
            event = _updated(old[id], onset, groups_by_id(project)[old[id].group], id in moved)
            if event.model_copy(update=_place(old[id])) != old[id]:
                changed.append({"id": id, "before": _plain(old[id]), "after": _plain(event)})
        else:
            event = _new(onset, groups, {*old, *(each.id for each in events)})
            added.append(_plain(event))
        events.append(event)
    kept = {event.id for event in events}
    diff = {
        "added": added,
        "moved": [
            {"id": p.new.extra["id"], "from": p.old.time, "to": p.new.time} for p in changes.moved
        ],
        "deleted": [event.id for event in by_time(project) if event.id not in kept],
        "changed": changed,
    }
    plain_groups = [group.model_dump(mode="json") for group in groups]
    return {"diff": diff, "events": [_plain(event) for event in events], "groups": plain_groups}


def _place(event: Event) -> dict[str, Any]:
    """Return what a move alone changes."""
    return {"time": event.time, "origin": event.origin, "locked": event.locked}


def _updated(event: Event, onset: Onset, group: Group, is_moved: bool) -> Event:
    """Return an event with what came back of it."""
    own = onset.gain / group.gain if group.gain else event.gain
    gain = event.gain if abs(own - event.gain) < 1e-4 else min(own, 100.0)
    label = event.label if onset.label in (event.label, group.name, group.prompt) else onset.label
    update: dict[str, Any] = {"gain": gain, "label": label[:1000], "strength": _strength(onset)}
    if is_moved:
        update |= {"time": onset.time, "origin": "moved", "locked": True}
    return event.model_copy(update=update)


def _new(onset: Onset, groups: list[Group], taken: set[str]) -> Event:
    """Return a new event; it joins the group of its label, which is made where there is none."""
    label = onset.label.strip()[:1000]
    found = next((g for g in groups if label in (g.name, g.prompt)), None)
    if found is None and (label or not groups):
        ids = {group.id for group in groups}
        id = next(f"g{n}" for n in range(1, len(ids) + 2) if f"g{n}" not in ids)
        found = Group(id=id, name=label, prompt=label, color=len(groups) % COLORS)
        groups.append(found)
    id = next(f"i{n}" for n in range(1, len(taken) + 2) if f"i{n}" not in taken)
    return Event(
        id=id,
        time=onset.time,
        group=(found or groups[0]).id,
        gain=min(onset.gain, 100.0),
        strength=_strength(onset),
        locked=True,
        origin="imported",
    )


def _strength(onset: Onset) -> float:
    return read_columns(onset.extra, onset.time, f"the event at {onset.time:g} s").strength


def _plain(event: Event) -> dict[str, Any]:
    return event.model_dump(mode="json")

"""A project as a sound: its takes, laid over each other with its gains and strengths."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from syncfusion.constants import SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.event_columns import EventColumns
from syncfusion.exchange import distinct
from syncfusion.product import EventMix, PlannedEvent, Sound, Surroundings
from syncfusion.progress import Progress
from syncfusion.rendering import DRY, ROOMS, Take
from syncfusion.studio.folder import TAKES, ProjectFolder
from syncfusion.studio.project import Project
from syncfusion.studio.work.sounding import render_takes
from syncfusion.studio.work.store import TakeStore
from syncfusion.studio.work.tracks import audible, groups_by_id, label_of
from syncfusion.timing import sample_index
from syncfusion.track import Onset

PEAK_DBFS = -1.0  # highest peak of a mix; a lower one is left as it is


def project_mix(
    load: Callable[[], Any], folder: ProjectFolder, project: Project, progress: Progress
) -> EventMix:
    """Return the sound of a project, to be written; events without a take are rendered first.

    Args:
        load: returns the models; called only if something has to be rendered.
        folder: of the project.
        project: its content.
        progress: called with ("Rendering sound", steps done, steps in all).

    Returns:
        The mix of the events that sound; a group's name is that of its stem.

    Raises:
        InputError: if an event has nothing to be rendered from.
    """
    store, events = TakeStore(folder.file(TAKES)), audible(project)
    keys = {event.id: event.take for event in events}
    missing = [event for event in events if event.stale or store.get(event.take) is None]
    if missing:
        rendered = render_takes(load(), folder, project, missing, progress)
        keys |= {event.id: take.key for event, take in rendered}

    def takes(planned: Sequence[PlannedEvent]) -> Iterator[Take]:
        for event in planned:
            take = store.get(keys[event.columns.id])
            assert take is not None, "a take was removed while it was mixed"
            yield take

    groups, names = groups_by_id(project), stem_names(project)
    planned = [
        PlannedEvent(
            Onset(event.time, gain=event.gain * groups[event.group].gain),
            EventColumns(id=event.id, seed=event.seed, strength=event.strength),
            label_of(event, groups[event.group]),
            names[event.group],
            None,
        )
        for event in events
    ]
    n_samples = sample_index(project.duration or 0.0, SAMPLE_RATE)
    return EventMix(planned, takes, n_samples, PEAK_DBFS)


def around(project: Project, mix: EventMix) -> Sound:
    """Return a mix in the project's room; its stems stay dry.

    Args:
        project: whose room and seed count.
        mix: the sound of its events.

    Returns:
        The sound, to be written or rendered.

    Raises:
        InputError: if there is no such room.
    """
    if project.room not in (DRY, *ROOMS):
        rooms = ", ".join((DRY, *ROOMS))
        raise InputError(f"there is no room {project.room!r}; choose from {rooms}")
    return Surroundings(room=project.room).around(mix, PEAK_DBFS, project.seed)


def stem_names(project: Project) -> dict[str, str]:
    """Return the name of each group's stem by the group's id; no two are the same."""
    given = [group.name or group.prompt or "sound" for group in project.groups]
    ids = [group.id for group in project.groups]
    return dict(zip(ids, distinct(given, " "), strict=True))

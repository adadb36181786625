"""The job that renders events, each by itself."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from syncfusion.errors import InputError
from syncfusion.product import EVENTS, EventOptions
from syncfusion.progress import Progress
from syncfusion.prompt import unknown_prompt_warning
from syncfusion.rendering import Take
from syncfusion.studio.folder import REFERENCES, TAKES, ProjectFolder
from syncfusion.studio.project import Event, Project
from syncfusion.studio.work.store import TakeStore
from syncfusion.studio.work.task import Task
from syncfusion.studio.work.tracks import by_time, groups_by_id, sounding_track


def render(task: Task) -> dict[str, Any]:
    """Render the takes of some events; each is reported as soon as it is there.

    Args:
        task: the job; "events" are ids, and "new_take" requests a fresh seed for each.

    Returns:
        ``takes``: key, seed, attack and number of samples by id; ``warnings``: sentences about
        words of prompts that the encoder does not know.

    Raises:
        InputError: if an event is gone, or has nothing to be rendered from.
    """
    requested = set(task.options["events"])
    events = [event for event in by_time(task.project) if event.id in requested]
    if len(events) < len(requested):
        raise InputError("an event to render is there no more; choose events anew")
    if task.options["new_take"]:
        events = _reseeded(task.project, events)
    takes: dict[str, Any] = {}
    rendered = render_takes(task.pipeline(), task.folder, task.project, events, task.progress)
    for event, take in rendered:
        facts = {"seed": event.seed, "attack": take.attack, "samples": take.samples.shape[1]}
        takes[event.id] = {"key": take.key} | facts
        task.send("take", event=event.id, **takes[event.id])
    return {"takes": takes, "warnings": _warnings(task, events)}


def render_takes(
    pipeline: Any,
    folder: ProjectFolder,
    project: Project,
    events: Sequence[Event],
    progress: Progress,
) -> Iterator[tuple[Event, Take]]:
    """Yield each event with its take, which is kept in the project.

    Args:
        pipeline: the models.
        folder: of the project.
        project: what the events belong to.
        events: in the order of their times.
        progress: called with ("Rendering sound", steps done, steps in all).

    Yields:
        Events and takes, those of each library of recordings together.

    Raises:
        InputError: if an event has nothing to be rendered from.
    """
    store, mode = TakeStore(folder.file(TAKES)), pipeline.event_mode
    settings = pipeline.preset.render_settings(project.seed, None, None, EVENTS)
    for path, some in _by_library(project, events).items():
        library = pipeline.open_library(Path(path), progress=progress) if path else None
        options = EventOptions(folder=folder.file(REFERENCES), library=library)
        plan = mode.plan(sounding_track(project, some), None, settings, options)
        for event, take in zip(some, mode.takes(plan, None, progress), strict=True):
            store.put(take)
            yield event, take


def _warnings(task: Task, events: Sequence[Event]) -> list[str]:
    """Return what is not known of the prompts of some events, where words decide."""
    if task.pipeline().preset.settings.prompt != "compact":
        return []
    cells = sounding_track(task.project, events).extras
    prompts = sorted({cell["prompt"] for cell in cells if "prompt" in cell})
    return [warning for warning in map(unknown_prompt_warning, prompts) if warning is not None]


def _by_library(project: Project, events: Sequence[Event]) -> dict[str, list[Event]]:
    """Return events by the folder of recordings that their group has; empty for none."""
    groups, found = groups_by_id(project), {}
    for event in events:
        found.setdefault(groups[event.group].library or "", []).append(event)
    return found


def _reseeded(project: Project, events: Sequence[Event]) -> list[Event]:
    """Return events with seeds that no event of the project has."""
    first = 1 + max((event.seed for event in project.events), default=project.seed)
    return [
        event.model_copy(update={"seed": first + number}) for number, event in enumerate(events)
    ]

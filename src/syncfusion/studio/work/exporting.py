"""The job that writes what leaves the studio, and the same by the command line."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from syncfusion.errors import InputError
from syncfusion.exchange import CATALOGUE, Session, distinct, file_name, format_names, write_events
from syncfusion.media import default_output, mux, probe, temporary_sibling
from syncfusion.product import EventMix, groups_of
from syncfusion.studio.folder import EXPORTS
from syncfusion.studio.project import Project
from syncfusion.studio.work.mixing import around, project_mix, stem_names
from syncfusion.studio.work.task import Task
from syncfusion.studio.work.tracks import exported_track, groups_by_id, label_of, timeline_of

NOTE = "syncfusion studio"


def export(task: Task) -> dict[str, Any]:
    """Write the files that were chosen into the project's folder of exports.

    Args:
        task: the job; "formats" are names of the catalogue, "mix", "stems" and "video" are true
            or false.

    Returns:
        ``files``, each with name and bytes.

    Raises:
        InputError: if nothing was chosen, or something cannot be written.
    """
    options, project, folder = task.options, task.project, task.folder.file(EXPORTS)
    formats = format_names(",".join(options["formats"])) if options["formats"] else []
    if not (formats or options["mix"] or options["stems"] or options["video"]):
        raise InputError("nothing is chosen; choose a sound, a video or a format")
    if project.duration is None:
        raise InputError("the video was not read yet; wait for it")
    name = file_name(project.name)
    written: list[Path] = []
    stems: dict[str, Path] = {}
    sound = folder / f"{name}.wav"
    if options["mix"] or options["stems"] or options["video"]:
        mix = project_mix(task.pipeline, task.folder, project, task.progress)
        stems = stem_files(mix, folder, name) if options["stems"] else {}
        around(project, mix).write(sound, stems)
        written += [sound, *stems.values()]
    if options["video"]:
        task.progress("Writing the video", 0, 0)
        info = probe(task.folder.video)
        film = folder / f"{name}{default_output(info).suffix}"
        mux(info, sound, film)
        written.append(film)
    for format in formats:
        task.progress("Writing files", 0, 0)
        session = _session(project, folder, name, stems, sound if sound in written else None)
        path = folder / f"{name}.events{CATALOGUE[format].suffix}"
        with temporary_sibling(path) as temporary:
            temporary.write_bytes(write_events(session, format))
        written.append(path)
    return {"files": [{"name": path.name, "bytes": path.stat().st_size} for path in written]}


def stem_files(mix: EventMix, folder: Path, name: str) -> dict[str, Path]:
    """Return the file of each group that sounds: ``clip_wood-hit.wav``."""
    groups = list(groups_of(mix.events))
    stems = distinct(map(file_name, groups))
    return {g: folder / f"{name}_{stem}.wav" for g, stem in zip(groups, stems, strict=True)}


def _session(
    project: Project, folder: Path, name: str, stems: Mapping[str, Path], sound: Path | None
) -> Session:
    groups, names = groups_by_id(project), stem_names(project)
    by_label = {
        label_of(event, groups[event.group]): stems[names[event.group]]
        for event in project.events
        if names[event.group] in stems
    }
    return Session(
        exported_track(project),
        name,
        timeline_of(project),
        stems=by_label,
        sound=sound,
        folder=folder,
        note=NOTE,
    )

"""A project as the files of a result, by the command line; its sound is the studio's own."""

import hashlib
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from syncfusion.constants import PROJECT_FILE
from syncfusion.exchange import picture_timeline
from syncfusion.hashing import file_hash
from syncfusion.media import default_output, probe
from syncfusion.product import Delivery, check_outputs, deliver, groups_of
from syncfusion.progress import Progress
from syncfusion.studio.folder import ProjectFolder
from syncfusion.studio.work.mixing import around, project_mix
from syncfusion.studio.work.tracks import exported_track


def deliver_project(
    path: Path,
    output: Path | None,
    *,
    load: Callable[[], Any],
    stems: bool = False,
    template: str | None = None,
    pops: bool = False,
    start: str | None = None,
    reencode: bool = False,
    overwrite: bool = False,
    progress: Progress,
) -> list[Path]:
    """Write the video of a project with its sound, and sound, onsets and settings beside it.

    Args:
        path: folder of the project.
        output: the video to write; None for ``clip.sync.mp4`` beside the video.
        load: returns the models; called only if a take has to be rendered.
        stems: whether to write a file for each group as well.
        template: of the stems' names, see ``NameTemplate``; None for plain ones.
        pops: whether sound and stems have pops.
        start: the first picture's timecode, which pops need; None for the one that is known.
        reencode: whether to encode the pictures anew as H.264 instead of copying them.
        overwrite: whether files that others made, or that were changed since, may be replaced.
        progress: called with (stage, done, in all).

    Returns:
        The files written.

    Raises:
        InputError: if the project or its video cannot be read, or a file not be written.
    """
    folder = ProjectFolder.open(path)
    info = probe(folder.video)
    project = folder.project.with_changes(duration=info.duration)
    output = output or default_output(info, reencode=reencode)
    timeline = picture_timeline(info.path, start)
    files = Delivery.under(info.path, output, timeline, template=template, pops=pops)
    check_outputs(files, [info.path, folder.file(PROJECT_FILE)], overwrite=overwrite)
    mix = project_mix(load, folder, project, progress)
    named = files.stems(groups_of(mix.events)) if stems else {}
    deliver(
        files,
        info,
        around(project, mix),
        exported_track(project),
        _record(folder, info.path),
        stems=named,
        reencode=reencode,
        overwrite=overwrite,
    )
    return [*files.names, *named.values()]


def _record(folder: ProjectFolder, video: Path) -> dict[str, Any]:
    """Return what the result was made from, as json values."""
    content = folder.file(PROJECT_FILE).read_bytes()
    return {
        "syncfusion": version("syncfusion"),
        "video": {"name": video.name, "sha256": file_hash(video)},
        "project": {"name": folder.path.name, "sha256": hashlib.sha256(content).hexdigest()},
        "duration": folder.project.duration,
        "events": [
            {"id": event.id, "time": event.time, "seed": event.seed, "take": event.take}
            for event in folder.project.events
        ],
    }

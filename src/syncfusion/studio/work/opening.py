"""The job that opens a video: what it is, its filmstrip, its sound, and a copy to look at."""

import json
import os
from pathlib import Path
from typing import Any

from syncfusion import media  # its parts are imported as they are used: some need torch
from syncfusion.errors import InputError
from syncfusion.exchange import picture_timeline
from syncfusion.media import VideoInfo, probe, temporary_sibling
from syncfusion.plain_values import parse_json
from syncfusion.studio.folder import (
    FILMSTRIP,
    FILMSTRIP_FACTS,
    ORIGINAL_SOUND,
    PEAKS,
    PROXY,
    SOURCE,
    ProjectFolder,
)
from syncfusion.studio.work.task import Task

LONGEST = 6 * 3600.0  # seconds of a clip
SLOW_SEEK = 1.0  # seconds of pictures; longer ones are worth a proxy


def open_video(task: Task) -> dict[str, Any]:
    """Read a video's facts, and make what the page shows of it; what is there already is kept.

    Args:
        task: the job.

    Returns:
        Whether a copy is worth making, as ``proxy``.

    Raises:
        InputError: if the video is missing, too long, or cannot be read.
    """
    folder = task.folder
    task.progress("Reading the video", 0, 0)
    info = _probed(folder.video)
    task.send("facts", facts=_facts(info))
    task.models.start()
    forget_another_video(folder, info)
    played = media.is_played(info)
    if played or folder.file(PROXY).is_file():
        note_source(folder, info, PROXY if folder.file(PROXY).is_file() else None)
        task.send("media", name="video")
    else:
        make_proxy(task)
    if not folder.file(FILMSTRIP_FACTS).is_file():
        strip = media.write_filmstrip(info, folder.file(FILMSTRIP), task.progress)
        _write(folder.file(FILMSTRIP_FACTS), json.dumps(strip._asdict()).encode())
    task.send("media", name="filmstrip")
    if info.has_audio and not folder.file(PEAKS).is_file():
        _keep_sound(task, info)
    if folder.file(PEAKS).is_file():
        task.send("media", name="peaks")
    slow = not folder.file(PROXY).is_file() and media.longest_seek(info) > SLOW_SEEK
    return {"proxy": slow}


def make_proxy(task: Task) -> dict[str, Any]:
    """Make the copy of a video that browsers play and seek at once."""
    folder = task.folder
    info = _probed(folder.video)
    media.write_proxy(info, folder.file(PROXY), task.progress)
    note_source(folder, info, PROXY)
    task.send("media", name="video")
    return {}


def _probed(video: Path) -> VideoInfo:
    if not video.is_file():
        raise InputError(f"there is no video {video}; put it back, or open it where it is now")
    info = probe(video)
    if info.duration > LONGEST:
        raise InputError(f"{video.name} lasts over {LONGEST / 3600:g} hours; cut it into parts")
    return info


def _facts(info: VideoInfo) -> dict[str, Any]:
    timeline = picture_timeline(info.path)
    rate = timeline.rate
    return {
        "duration": info.duration,
        "frame_rate": [rate.numerator, rate.denominator],
        "start_timecode": timeline.timecode(timeline.start),
        "drop_frame": timeline.drop_frame,
    }


def _identity(info: VideoInfo) -> dict[str, Any]:
    stated = os.stat(info.path)
    return {"bytes": stated.st_size, "changed": stated.st_mtime_ns, "duration": info.duration}


def forget_another_video(folder: ProjectFolder, info: VideoInfo) -> None:
    """Remove what was made of a video that has been replaced since."""
    try:
        noted = parse_json(folder.file(SOURCE).read_text())
    except (OSError, ValueError):
        noted = {}
    if noted.get("identity") != _identity(info):
        for name in (PROXY, FILMSTRIP, FILMSTRIP_FACTS, PEAKS, ORIGINAL_SOUND, SOURCE):
            folder.file(name).unlink(missing_ok=True)


def note_source(folder: ProjectFolder, info: VideoInfo, shown: str | None) -> None:
    """Note which file is shown, the proxy or (None) the video itself, and of which video."""
    noted = {"identity": _identity(info), "shown": shown}
    _write(folder.file(SOURCE), json.dumps(noted).encode())


def _keep_sound(task: Task, info: VideoInfo) -> None:
    """Write the original sound as the page plays and draws it."""
    peaks = media.write_soundtrack(info, task.folder.file(ORIGINAL_SOUND), task.progress)
    if peaks is not None:
        _write(task.folder.file(PEAKS), peaks.tobytes())


def _write(path: Path, content: bytes) -> None:
    with temporary_sibling(path) as temporary:
        temporary.write_bytes(content)

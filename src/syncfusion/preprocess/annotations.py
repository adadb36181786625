"""Annotations of a data set: which file belongs to which video, and in which form we keep them."""

import csv
import io
import logging
from pathlib import Path
from typing import NamedTuple

from syncfusion.errors import InputError
from syncfusion.onset.track import OnsetTrack

log = logging.getLogger(__name__)

TIMES_SUFFIX = "_times.txt"  # Greatest Hits: <id>_times.txt beside <id>_mic.mp4
VIDEO_SUFFIXES = ("_mic.mp4", ".mp4", ".mov", ".mkv", ".webm", ".avi")


class AnnotatedVideo(NamedTuple):
    """One video of a data set and the file with its onsets."""

    name: str
    video: Path
    times: Path


def find_annotated(videos: Path, times: Path) -> list[AnnotatedVideo]:
    """Pair ``<id>_times.txt`` files with the videos ``<id>_mic.mp4`` or ``<id>.mp4``, by id.

    Args:
        videos: folder of videos; those without annotations are left out.
        times: folder of annotations.

    Returns:
        The pairs, ordered by id.

    Raises:
        InputError: if there is no annotation, or one without its video.
    """
    files = sorted(times.glob(f"*{TIMES_SUFFIX}"))
    if not files:
        raise InputError(f"{times} holds no *{TIMES_SUFFIX}; give the folder of annotations")
    names = [file.name.removesuffix(TIMES_SUFFIX) for file in files]
    return [
        AnnotatedVideo(name, _find_video(videos, name), file)
        for name, file in zip(names, files, strict=True)
    ]


def _find_video(videos: Path, name: str) -> Path:
    for suffix in VIDEO_SUFFIXES:
        if (videos / f"{name}{suffix}").is_file():
            return videos / f"{name}{suffix}"
    raise InputError(f"{videos} holds no video {name}_mic.mp4; fetch it or remove its annotation")


def read_annotation(path: Path, *, duration: float) -> OnsetTrack:
    """Read the onsets of one video; those past its end are left out with a warning.

    Args:
        path: any file ``OnsetTrack.read`` reads.
        duration: seconds the video lasts.

    Returns:
        Every annotated time, labelled or not.

    Raises:
        InputError: if the file cannot be read.
    """
    track = OnsetTrack.read(path)
    kept = [onset for onset in track if onset.time < duration]
    if len(kept) < len(track):
        log.warning("%s: left out %d onsets past the end", path, len(track) - len(kept))
    return OnsetTrack.from_onsets(kept, duration)


def published_csv(track: OnsetTrack) -> str:
    """Return the track as ``time,label`` lines without a header, as published sets have it."""
    text = io.StringIO()
    rows = ((f"{onset.time:.6f}", onset.label) for onset in track)
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()

"""The clips a user has corrected: videos with their event files, and projects of the studio."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from syncfusion.constants import PROJECT_FILE
from syncfusion.errors import InputError
from syncfusion.event_columns import read_columns
from syncfusion.media import VideoInfo, probe
from syncfusion.plain_values import parse_json
from syncfusion.track import Onset, OnsetTrack

EVENTS = ".onsets.csv"  # beside a video of the same name
VIDEOS = (".mp4", ".mov", ".mkv", ".webm", ".avi", ".m4v")
LEAST_CLIPS = 2


class OwnClip(NamedTuple):
    """A video and its corrected onsets."""

    video: VideoInfo
    track: OnsetTrack


def find_own_clips(paths: Sequence[Path]) -> list[OwnClip]:
    """Return the corrected clips that paths name.

    Args:
        paths: videos with ``NAME.onsets.csv`` beside them, such event files, project folders of the
            studio, or folders of these.

    Returns:
        Each clip once, in order; muted events are left out.

    Raises:
        InputError: if a part of a clip is missing or belongs to another one, a clip has no events,
            or there are fewer than two clips.
    """
    found: dict[Path, OwnClip] = {}
    for path in paths:
        for clip in _clips(path):
            found.setdefault(clip.video.path.resolve(), clip)
    if len(found) < LEAST_CLIPS:
        only = next((str(clip.video.path) for clip in found.values()), "no clip")
        raise InputError(
            f"{only} is too little to learn from; give two corrected clips or more, each a video "
            f"with NAME{EVENTS} beside it, or a project of the studio"
        )
    return list(found.values())


def _clips(path: Path) -> Iterator[OwnClip]:
    if not path.exists():
        raise InputError(f"there is no {path}; check its path")
    if (path / PROJECT_FILE).is_file():
        yield _of_project(path)
    elif path.is_dir():
        inside = sorted(path.iterdir())
        for each in inside:
            if each.name.endswith(EVENTS) or (each / PROJECT_FILE).is_file():
                yield from _clips(each)
    elif path.name.endswith(EVENTS):
        yield _pair(_video_of(path), path)
    else:
        events = path.with_suffix(EVENTS)
        if not events.is_file():
            raise InputError(f"there is no {events}; correct what syncfusion detect wrote there")
        yield _pair(path, events)


def _video_of(events: Path) -> Path:
    stem = events.with_name(events.name.removesuffix(EVENTS))
    for suffix in VIDEOS:
        for video in (Path(f"{stem}{suffix}"), Path(f"{stem}{suffix.upper()}")):
            if video.is_file():
                return video
    raise InputError(f"there is no video {stem}.mp4 (or {', '.join(VIDEOS[1:])}) of {events}")


def _pair(video: Path, events: Path) -> OwnClip:
    info = probe(video)
    return _checked(info, OnsetTrack.read(events, info.duration), events)


def _of_project(folder: Path) -> OwnClip:
    file = folder / PROJECT_FILE
    try:
        project = parse_json(file.read_text(encoding="utf-8"))
        video = folder.absolute().parent / project["video"]
        onsets = [
            Onset(float(event["time"]), extra={"mute": "1"} if event.get("mute") else {})
            for event in project["events"]
        ]
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise InputError(f"{file} is no project of the studio ({error}); save it again") from error
    info = probe(video)
    try:
        track = OnsetTrack.from_onsets(onsets, info.duration)
    except InputError as error:
        raise InputError(f"{file} does not fit its video {video}: {error}") from error
    return _checked(info, track, file)


def _checked(info: VideoInfo, track: OnsetTrack, source: Path) -> OwnClip:
    sounding = [
        onset
        for onset in track
        if not read_columns(onset.extra, onset.time, f"the event at {onset.time:g} s").mute
    ]
    if not sounding:
        raise InputError(f"{source} holds no events; mark the moments of {info.path} first")
    return OwnClip(info, OnsetTrack.from_onsets(sounding, info.duration))

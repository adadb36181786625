"""Annotations of a data set, and the form in which we keep them."""

import csv
import io
import logging
from pathlib import Path

from syncfusion.clip_files import ClipFiles
from syncfusion.media import temporary_sibling
from syncfusion.plain_values import parse_json
from syncfusion.track import OnsetTrack

log = logging.getLogger(__name__)


def annotate(times: Path, files: ClipFiles) -> None:
    """Write ``<id>.times.csv``; onsets past the end of a video already processed are left out.

    Args:
        times: the annotation, any file ``OnsetTrack.read`` reads.
        files: of the processed video, now or later; their folder is made.

    Raises:
        InputError: if the annotation cannot be read, or its folder not be written to.
    """
    try:
        duration = parse_json(files.metadata.read_text())["processed"]["video_duration"]
    except (OSError, ValueError, KeyError, TypeError):
        duration = None  # not processed yet, or to be processed again
    _write(read_annotation(times, duration=duration), files)


def trim(files: ClipFiles, *, duration: float) -> OnsetTrack:
    """Leave what is past the end of a video out of its ``<id>.times.csv``, with a warning.

    Args:
        files: of the processed video.
        duration: seconds the video lasts.

    Returns:
        The onsets that the file now holds; a file without later ones stays as it is.

    Raises:
        InputError: if the file cannot be read or not be written.
    """
    track = read_annotation(files.times, duration=duration)
    if len(track) < len(OnsetTrack.read(files.times)):
        _write(track, files)
    return track


def read_annotation(path: Path, *, duration: float | None) -> OnsetTrack:
    """Read the onsets of one video; those past its end are left out with a warning.

    Args:
        path: any file ``OnsetTrack.read`` reads.
        duration: seconds the video lasts; None where that is not known.

    Returns:
        Every annotated time, labelled or not.

    Raises:
        InputError: if the file cannot be read.
    """
    track = OnsetTrack.read(path)
    if duration is None:
        return track
    kept = [onset for onset in track if onset.time < duration]
    if len(kept) < len(track):
        log.warning("%s: left out %d onsets past the end", path, len(track) - len(kept))
    return OnsetTrack.from_onsets(kept, duration)


def _write(track: OnsetTrack, files: ClipFiles) -> None:
    with temporary_sibling(files.times) as temporary:
        temporary.write_text(published_csv(track))


def published_csv(track: OnsetTrack) -> str:
    """Return the track as ``time,label`` lines without a header, as published sets have it."""
    text = io.StringIO()
    rows = ((f"{onset.time:.6f}", onset.label) for onset in track)
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()

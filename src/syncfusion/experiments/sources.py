"""Recordings of a test set, read from shards or from folders of videos and annotations."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from syncfusion.constants import SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.evaluation import ANNOTATIONS, VIDEOS, clip_name, files_by_clip, read_pairs
from syncfusion.experiments.row import Source
from syncfusion.media import read_audio
from syncfusion.shards import PREDICTED, Faults, Recording, read_recordings
from syncfusion.track import OnsetTrack

ANY_NUMBER = 10**9  # limit of faulty samples; each is reported as a problem


class TestSet(NamedTuple):
    """The recordings, their videos by name, and one sentence per recording that was left out."""

    recordings: list[Recording]
    videos: dict[str, Path]
    problems: list[str]


def read_test_set(source: Source) -> TestSet:
    """Read all recordings of a source.

    Args:
        source: the source.

    Returns:
        The recordings in order, and one sentence per recording that cannot be used.

    Raises:
        InputError: if the shard or folder is missing or empty.
    """
    videos = {} if source.videos is None else files_by_clip(source.videos, VIDEOS)
    if source.times is not None:
        if source.videos is None:
            raise InputError("times are given without videos; give videos=FOLDER too")
        times = files_by_clip(source.times, ANNOTATIONS)
        found = read_pairs(videos, times, _from_files, kind="video")
    else:
        found = _from_shards(source)
    recordings, problems = found
    if source.predictions is not None:
        recordings = [_with_prediction(recording, source.predictions) for recording in recordings]
    return TestSet(recordings, videos, problems)


def read_training(source: Source, train: str | None) -> Iterator[Recording]:
    """Yield the recordings of the training split, one at a time.

    Args:
        source: its folder of shards is searched.
        train: pattern of tars in it; None, or a pattern without a match, yields nothing.

    Yields:
        The recordings that can be used.
    """
    if train is not None and any(source.shards.glob(train)):
        yield from read_recordings(str(source.shards / train), Faults(ANY_NUMBER))


def _from_shards(source: Source) -> tuple[list[Recording], list[str]]:
    faults, path = Faults(ANY_NUMBER), source.shards / source.shard
    recordings = list(read_recordings(str(path), faults))
    return recordings, [f"{reason}; left out" for reason in faults.reasons.values()]


def _from_files(name: str, video: Path, times: Path) -> Recording:
    track = OnsetTrack.read(times)
    if not len(track):
        raise InputError(f"{name}: its annotation is empty")
    sound = read_audio(video, sample_rate=SAMPLE_RATE, mono=True)
    return Recording(clip_name(video), sound, track)


def _with_prediction(recording: Recording, folder: Path) -> Recording:
    own = folder / recording.name / f"{recording.name}.{PREDICTED}"
    path = own if own.is_file() else folder / f"{recording.name}.{PREDICTED}"
    if not path.is_file():
        return recording._replace(predicted=None)
    return recording._replace(predicted=OnsetTrack.read(path))

"""Shards: processed videos' sound and onsets as webdataset tars, the form stage 2 trains on.

A sample is ``<id>.resampled.wav`` (48 kHz mono) and ``<id>.times.csv``.
"""

import io
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import soundfile
import torch

from syncfusion.constants import SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.media.atomic import temporary_sibling
from syncfusion.media.audio import Waveform
from syncfusion.onset.track import OnsetTrack

SPLITS = ("train", "val", "test")


class Recording(NamedTuple):
    """The sound of one video with its annotated onsets."""

    name: str
    waveform: Waveform
    track: OnsetTrack


def write_shard(videos: Sequence[Path], shard: Path) -> None:
    """Pack processed videos into one tar; the same videos give the same bytes.

    Args:
        videos: folders ``<id>`` with ``<id>.times.csv`` and ``audio/<id>.resampled.wav``.
        shard: the tar to write.

    Raises:
        InputError: if a folder lacks one of the two files.
    """
    from webdataset.writer import TarWriter

    with temporary_sibling(shard) as temporary:
        writer = TarWriter(str(temporary), encoder=False, mtime=0, user="", group="")
        with writer:
            for folder in sorted(videos, key=lambda video: video.name):
                name = folder.name
                writer.write(
                    {
                        "__key__": name,
                        "resampled.wav": _content(folder / "audio" / f"{name}.resampled.wav"),
                        "times.csv": _content(folder / f"{name}.times.csv"),
                    }
                )


def write_split(processed: Path, output: Path) -> list[Path]:
    """Pack each split of a processed data set into ``output/<split>.tar``.

    Args:
        processed: folder of processed videos with ``train.txt``, ``val.txt`` and ``test.txt``.
        output: folder for the shards.

    Returns:
        The shards written.

    Raises:
        InputError: if there is no split, or it names a video that is not there.
    """
    lists = [processed / f"{split}.txt" for split in SPLITS]
    shards = []
    for names in filter(Path.is_file, lists):
        videos = [processed / name for name in names.read_text().split()]
        if videos:
            shards.append(output / f"{names.stem}.tar")
            write_shard(videos, shards[-1])
    if not shards:
        raise InputError(f"{processed} holds no train.txt; preprocess with a split first")
    return shards


def read_recordings(urls: str | Sequence[str]) -> Iterator[Recording]:
    """Read the recordings of some shards, in order.

    Args:
        urls: paths or urls of tars; webdataset's brace notation is understood.

    Yields:
        The recordings.

    Raises:
        InputError: if a shard cannot be read, a sample lacks its sound or onsets or holds ones
            that cannot be read, or the sound is not 48 kHz mono.
    """
    urls = urls if isinstance(urls, str) else list(urls)
    for sample in _samples(urls):
        missing = {"resampled.wav", "times.csv"} - sample.keys()
        if missing:
            raise InputError(f"{sample['__key__']} in {urls} has no {missing.pop()}")
        yield _decode(sample)


def _samples(urls: str | list[str]) -> Iterator[dict]:
    from webdataset.compat import WebDataset

    try:
        yield from WebDataset(urls, shardshuffle=False, empty_check=False)
    except (OSError, tarfile.TarError) as error:
        raise InputError(f"cannot read the shards {urls}: {error}; write them again") from error


def _decode(sample: dict) -> Recording:
    name = sample["__key__"]
    try:
        samples, rate = soundfile.read(
            io.BytesIO(sample["resampled.wav"]), dtype="float32", always_2d=True
        )
        track = OnsetTrack.from_csv(sample["times.csv"].decode())
    except (soundfile.LibsndfileError, UnicodeDecodeError, InputError) as error:
        raise InputError(f"the shard's sample {name} cannot be read: {error}") from error
    if rate != SAMPLE_RATE or samples.shape[1] != 1:
        raise InputError(
            f"{name} is {rate} Hz with {samples.shape[1]} channels; "
            f"shards hold {SAMPLE_RATE} Hz mono"
        )
    waveform = Waveform(torch.from_numpy(samples.T.copy()), rate)
    return Recording(name, waveform, track)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} is missing; preprocess the videos first") from error

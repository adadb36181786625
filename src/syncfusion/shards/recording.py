"""Recordings: the samples of shards, decoded and checked."""

import io
import logging
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import soundfile
import torch

from syncfusion.constants import SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.media import Waveform
from syncfusion.shards.access import Access, find_shards
from syncfusion.shards.embeddings import HitEmbeddings
from syncfusion.shards.tars import EMBEDDINGS, PREDICTED, SOUND, TIMES, Sample, read_samples
from syncfusion.track import OnsetTrack

log = logging.getLogger(__name__)


class Recording(NamedTuple):
    """The sound of one video with its annotated onsets; the rest where the shard has it."""

    name: str
    waveform: Waveform
    track: OnsetTrack
    predicted: OnsetTrack | None = None
    embeddings: HitEmbeddings | None = None


class Faults:
    """Counts samples that cannot be used, each once, and ends the run when they are too many.

    Args:
        limit: how many may be left out.
    """

    def __init__(self, limit: int = 0) -> None:
        self.limit = limit
        self.reasons: dict[str, str] = {}

    def add(self, name: str, reason: str) -> None:
        """Leave a sample out, with a warning.

        Args:
            name: of the sample.
            reason: one clause.

        Raises:
            InputError: if it is one too many.
        """
        if name in self.reasons:
            return
        self.reasons[name] = reason
        n_faults = len(self.reasons)
        if n_faults > self.limit:
            raise InputError(
                f"{reason}; {n_faults} faulty samples where {self.limit} are allowed: "
                f"{', '.join(self.reasons)}; write their shards again"
            )
        log.warning("left out, number %d of at most %d: %s", n_faults, self.limit, reason)


def read_recordings(
    urls: str | Sequence[str],
    faults: Faults | None = None,
    access: Access | None = None,
) -> Iterator[Recording]:
    """Read the recordings of some shards, in order.

    Args:
        urls: as ``access.find_shards`` takes them.
        faults: counts what cannot be used; None allows nothing.
        access: how shards are opened; None for the defaults.

    Yields:
        The recordings.

    Raises:
        InputError: if a shard cannot be read, or too many samples lack their sound or onsets or
            hold unusable ones.
    """
    faults = Faults() if faults is None else faults
    for shard in find_shards(urls):
        yield from read_shard(shard, faults, access)


def read_shard(shard: str, faults: Faults, access: Access | None = None) -> Iterator[Recording]:
    """Read the recordings of one shard; see ``read_recordings``."""
    for sample in read_samples(shard, access):
        try:
            recording = decode(sample)
        except InputError as error:
            faults.add(sample["__key__"], f"{sample['__key__']} in {shard} {error}")
        else:
            yield recording


def decode(sample: Sample) -> Recording:
    """Decode and check a sample.

    Args:
        sample: content by member, as ``tars.read_samples`` yields it.

    Returns:
        The recording.

    Raises:
        InputError: with a clause that goes behind the sample's name.
    """
    missing = sorted({SOUND, TIMES} - sample.keys())
    if missing:
        raise InputError(f"has no {missing[0]}")
    waveform = _sound(sample[SOUND])
    track = _track(sample, TIMES)
    if len(track) == 0:
        raise InputError(f"has no onset in its {TIMES}")
    predicted = _track(sample, PREDICTED) if PREDICTED in sample else None
    stored = sample.get(EMBEDDINGS)
    embeddings = None if stored is None else HitEmbeddings.from_bytes(stored, track)
    return Recording(sample["__key__"], waveform, track, predicted, embeddings)


def _sound(content: bytes) -> Waveform:
    try:
        samples, rate = soundfile.read(io.BytesIO(content), dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise InputError(f"has a {SOUND} that cannot be read: {error.error_string}") from error
    if rate != SAMPLE_RATE or samples.shape[1] != 1:
        raise InputError(
            f"is {rate} Hz with {samples.shape[1]} channels where {SAMPLE_RATE} Hz mono is needed"
        )
    waveform = Waveform(torch.from_numpy(samples.T.copy()), rate)
    if not waveform.samples.sum().isfinite():  # ten times as fast as checking each
        raise InputError(f"has a {SOUND} with samples that are no numbers")
    return waveform


def _track(sample: Sample, member: str) -> OnsetTrack:
    try:
        return OnsetTrack.from_bytes(sample[member])
    except InputError as error:
        raise InputError(f"has a {member} that cannot be read: {error}") from error

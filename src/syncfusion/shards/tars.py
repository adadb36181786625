"""Tars of samples: read member by member, grouped into samples.

A sample is all members of one name, next to each other: ``<id>.resampled.wav``,
``<id>.times.csv`` and so on. Hidden members (``._<id>.times.csv``, which macOS adds) and members
of other kinds are skipped unread.
"""

import tarfile
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any, BinaryIO, NamedTuple

from syncfusion.errors import InputError
from syncfusion.shards.access import Access, TimedPipe, open_shard
from syncfusion.shards.remote import RemoteShard

SOUND, TIMES, PREDICTED, EMBEDDINGS = (
    "resampled.wav",
    "times.csv",
    "times.pred.csv",
    "embeddings.npz",
)
MEMBERS = (SOUND, TIMES, PREDICTED, EMBEDDINGS)
MAX_MEMBER_BYTES = 512 * 2**20  # members are read whole; this is 90 minutes of 48 kHz mono, 16 bit
COMPRESSED = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zstd"}

Sample = dict[str, Any]


class Member(NamedTuple):
    """A file in a tar: the sample it belongs to, which of ``MEMBERS`` it is, and its content."""

    sample: str
    kind: str
    content: bytes


def read_samples(shard: str, access: Access | None = None) -> Iterator[Sample]:
    """Read the samples of one shard.

    Args:
        shard: path or url of a tar that is not compressed.
        access: how it is opened; None for the defaults.

    Yields:
        Content by member (``resampled.wav``, …), and the name of the sample as ``__key__``.
        Samples without sound or onsets come last, since their members may lie further on.

    Raises:
        InputError: if it cannot be opened, is no plain tar or is cut off, is a command that is
            not allowed, holds a member of more than ``MAX_MEMBER_BYTES``, the same member twice
            or a sample whose members lie apart, or the url stops answering.
    """
    access = access or Access()
    try:
        for sample in _grouped(_members(shard, access)):
            sample["__key__"] = PurePosixPath(sample["__key__"]).name
            yield sample
    except (OSError, EOFError, ValueError, tarfile.TarError) as error:
        if isinstance(error, InputError):
            raise
        reason = getattr(error, "strerror", None) or error.args[0]
        raise InputError(
            f"cannot read the shard {shard}: {reason}; check its name, or fetch or write it again"
        ) from error


def _grouped(members: Iterable[Member]) -> Iterator[Sample]:
    """Collect the members of each sample.

    Members that lie apart are an error: joining them would hold the sounds between in memory.
    """
    incomplete: dict[str, Sample] = {}  # their content is dropped
    sample: Sample = {}
    seen: set[str] = set()
    for name, kind, content in members:
        if name != sample.get("__key__"):
            if name in seen:
                raise tarfile.ReadError(
                    f"the members of {name} do not lie next to each other in it "
                    "(GNU tar packs them so by --sort=name)"
                )
            yield from _complete(sample, incomplete)
            sample = {"__key__": name}
            seen.add(name)
        if kind in sample:
            raise tarfile.ReadError(f"it holds {name}.{kind} twice")
        sample[kind] = content
    yield from _complete(sample, incomplete)
    yield from incomplete.values()


def _complete(sample: Sample, incomplete: dict[str, Sample]) -> Iterator[Sample]:
    """Yield a sample that has sound and onsets; put aside what one without them has."""
    if sample and {SOUND, TIMES} <= sample.keys():
        yield sample
    elif sample:
        name = sample["__key__"]
        incomplete[name] = {kind: b"" for kind in sample} | {"__key__": name}


def _split_name(path: str) -> tuple[str, str] | None:
    """Split off our member names, not at the first dot: a video may be called ``take.2``."""
    if PurePosixPath(path).name.startswith("."):
        return None
    for member in MEMBERS:
        if path.endswith(f".{member}"):
            return path.removesuffix(f".{member}"), member
    return None


def _members(shard: str, access: Access) -> Iterator[Member]:
    with (
        open_shard(shard, access) as stream,
        tarfile.open(fileobj=PlainTar(stream), mode="r|") as tar,  # type: ignore[call-overload]
    ):
        for entry in tar:
            split = _split_name(entry.name)
            if split and entry.size > MAX_MEMBER_BYTES:
                raise tarfile.ReadError(
                    f"its member {entry.name} has {entry.size / 2**20:.0f} MB, "
                    f"more than the {MAX_MEMBER_BYTES // 2**20} that are read"
                )
            content = tar.extractfile(entry) if split else None
            if split and content is not None:
                yield Member(*split, content.read())
            tar.members = []  # or it remembers them all
        # without the empty block that ends every tar, tarfile stops here too and reports nothing
        if tar.fileobj.tell() < tar.offset + tarfile.BLOCKSIZE:  # type: ignore[union-attr]
            raise tarfile.ReadError("it is cut off")


class PlainTar:
    """A stream of a tar; a compressed one is an error, as it could unpack to any size.

    Args:
        stream: at its beginning.

    Raises:
        ReadError: if it is compressed.
    """

    def __init__(self, stream: TimedPipe | RemoteShard | BinaryIO) -> None:
        self.stream, self.start = stream, stream.read(tarfile.BLOCKSIZE)
        for magic, kind in COMPRESSED.items():
            if self.start.startswith(magic):
                raise tarfile.ReadError(f"it is compressed by {kind}, unpack it to a plain tar")

    def read(self, size: int) -> bytes:
        """Return the next bytes, at most ``size`` after the first block; none at the end."""
        start, self.start = self.start, b""
        return start or self.stream.read(size)

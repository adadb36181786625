"""Tars of samples, wherever they lie: opened, read member by member, grouped into samples.

A sample is all members of one name: ``<id>.resampled.wav``, ``<id>.times.csv`` and so on.
"""

import contextlib
import glob
import select
import shlex
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any, BinaryIO
from urllib.parse import urlparse

from webdataset.gopen import Pipe, gopen
from webdataset.shardlists import expand_urls
from webdataset.tariterators import group_by_keys

from syncfusion.errors import InputError

SOUND, TIMES, PREDICTED, EMBEDDINGS = (
    "resampled.wav",
    "times.csv",
    "times.pred.csv",
    "embeddings.npz",
)
MEMBERS = (SOUND, TIMES, PREDICTED, EMBEDDINGS)
PATIENCE_SECONDS = 60.0  # without a byte from a url; curl's own retries would take a quarter hour

Sample = dict[str, Any]


def find_shards(urls: str | Sequence[str]) -> list[str]:
    """List every shard that some names stand for.

    Args:
        urls: paths or urls, each with webdataset's braces (``train_shard_{1..3}.tar``) or, for
            paths, with wildcards. ``pipe:`` is a shell command, ``s3://`` is read by ``aws``,
            http(s) by ``curl``.

    Returns:
        One path or url per shard, in order.

    Raises:
        InputError: if there is none, or the braces do not match.
    """
    found: list[str] = []
    for url in [urls] if isinstance(urls, str) else urls:
        try:
            for name in expand_urls(url):
                found += _matching(name)
        except ValueError as error:
            raise InputError(f"the name {url} of shards is not understood: {error}") from error
    if not found:
        raise InputError("no shards are given; name at least one, as in train_shard_{1..3}.tar")
    return found


def _matching(name: str) -> list[str]:
    if urlparse(name).scheme or not glob.has_magic(name):
        return [name]
    found = sorted(glob.glob(name))
    if not found:
        raise InputError(f"there is no shard {name}; write them by `syncfusion shards`")
    return found


def read_samples(shard: str, patience_seconds: float = PATIENCE_SECONDS) -> Iterator[Sample]:
    """Read the samples of one shard, in order.

    Args:
        shard: path or url of a tar.
        patience_seconds: how long a url or command may be silent.

    Yields:
        Content by member (``resampled.wav``, …), and the name of the sample as ``__key__``.

    Raises:
        InputError: if it cannot be opened, is no tar or is cut off, or the url stops answering.
    """
    try:
        for sample in group_by_keys(_members(shard, patience_seconds), keys=_split_name):
            sample["__key__"] = PurePosixPath(sample["__key__"]).name
            yield sample
    except (OSError, EOFError, ValueError, tarfile.TarError) as error:
        if isinstance(error, InputError):
            raise
        reason = getattr(error, "strerror", None) or error.args[0]
        raise InputError(
            f"cannot read the shard {shard}: {reason}; check its name, or fetch or write it again"
        ) from error


def _split_name(path: str) -> tuple[str | None, str | None]:
    """Split off our member names, not at the first dot: a video may be called ``take.2``."""
    for member in MEMBERS:
        if path.endswith(f".{member}"):
            return path.removesuffix(f".{member}"), member
    return None, None  # members of others are left out


def _members(shard: str, patience_seconds: float) -> Iterator[Sample]:
    with (
        _opened(shard, patience_seconds) as stream,
        tarfile.open(fileobj=stream, mode="r|*") as tar,  # type: ignore[call-overload]
    ):
        for entry in tar:
            content = tar.extractfile(entry)
            if content is not None:
                yield {"fname": entry.name, "data": content.read(), "__url__": shard}
            tar.members = []  # or it remembers them all
        # without the empty block that ends every tar, tarfile stops here too and says nothing
        if tar.fileobj.tell() < tar.offset + tarfile.BLOCKSIZE:  # type: ignore[union-attr]
            raise tarfile.ReadError("it is cut off")


@contextlib.contextmanager
def _opened(shard: str, patience_seconds: float) -> "Iterator[Patient | BinaryIO]":
    url = f"pipe:aws s3 cp {shlex.quote(shard)} -" if shard.startswith("s3://") else shard
    stream = gopen(url, bufsize=0)
    try:
        yield Patient(stream, patience_seconds) if isinstance(stream, Pipe) else stream
    finally:
        if isinstance(stream, Pipe):  # or close() waits two hours for a command that hangs
            stream.ignore_errors = True
            stream.proc.kill()
        stream.close()


class Patient:
    """The output of a command, read with a limit to its silence.

    Args:
        pipe: the command, its output unbuffered.
        seconds: without output, after which it is given up.
    """

    def __init__(self, pipe: Pipe, seconds: float) -> None:
        self.pipe, self.seconds = pipe, seconds

    def read(self, size: int) -> bytes:
        """Return the next bytes, none at the end; raises OSError if the command failed."""
        ready, _, _ = select.select([self.pipe.stream], [], [], self.seconds)
        if not ready:
            raise TimeoutError(f"nothing has come for {self.seconds:g} s")
        try:
            content = self.pipe.read(size)
            if not content:
                self.pipe.wait_for_child()
        except OSError as error:
            raise OSError(f"the command reading it ended with code {self.pipe.status}") from error
        return content

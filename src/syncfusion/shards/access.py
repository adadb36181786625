"""Where shards lie and how they are opened: files, addresses, commands."""

import contextlib
import glob
import selectors
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlparse

from webdataset.gopen import Pipe, gopen
from webdataset.shardlists import expand_urls

from syncfusion.errors import InputError
from syncfusion.shards.remote import RemoteShard, cached

TIMEOUT_SECONDS = 60.0  # without a byte
RETRIES, RETRY_SECONDS = 5, 1.0  # of a broken connection; the wait doubles
OPENED_BY_WEBDATASET = ("", "file", "pipe")


@dataclass(frozen=True, kw_only=True)
class Access:
    """How shards are opened.

    Args:
        timeout_seconds: longest time without a byte from an address or command.
        allow_commands: whether a shard may be the output of a shell command (``pipe:``).
        retries: how often in a row a broken connection is tried again.
        retry_seconds: before the first retry; doubled with each.
        cache: folder that keeps copies of shards at addresses; None to read them anew each time.
    """

    timeout_seconds: float = TIMEOUT_SECONDS
    allow_commands: bool = False
    retries: int = RETRIES
    retry_seconds: float = RETRY_SECONDS
    cache: Path | None = None


def find_shards(urls: str | Sequence[str]) -> list[str]:
    """List the shards that paths, urls and patterns stand for.

    Args:
        urls: paths or urls, each with webdataset's braces (``train_shard_{1..3}.tar``) or, for
            paths, with wildcards. ``s3://``, ``http://`` and the like are read through fsspec;
            ``pipe:`` is a shell command, see ``Access``.

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
            raise InputError(
                f"the name {url} of shards is not understood: {error}; check its braces"
            ) from error
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


@contextlib.contextmanager
def open_shard(shard: str, access: Access) -> "Iterator[TimedPipe | RemoteShard | BinaryIO]":
    """Open a shard for reading; fails with an ``InputError`` where a command is not allowed."""
    if shard.startswith("pipe:") and not access.allow_commands:
        raise InputError(
            f"the shard {shard} is a shell command, which is run only where a training allows it "
            "by streaming.allow_commands=true; check the command first"
        )
    if urlparse(shard).scheme not in OPENED_BY_WEBDATASET:
        with _remote(shard, access) as stream:
            yield stream
        return
    stream = gopen(shard, bufsize=0)
    try:
        if isinstance(stream, Pipe):
            with selectors.DefaultSelector() as selector:
                yield TimedPipe(stream, selector, access.timeout_seconds)
        else:
            yield stream
    finally:
        if isinstance(stream, Pipe):  # or close() waits two hours for a command that hangs
            stream.ignore_errors = True
            stream.proc.kill()
        stream.close()


@contextlib.contextmanager
def _remote(address: str, access: Access) -> Iterator[RemoteShard | BinaryIO]:
    remote = RemoteShard(
        address,
        timeout_seconds=access.timeout_seconds,
        retries=access.retries,
        retry_seconds=access.retry_seconds,
    )
    with contextlib.closing(remote):
        copy = cached(remote, access.cache) if access.cache is not None else None
        if copy is None:
            yield remote
        else:
            with open(copy, "rb") as file:
                yield file


class TimedPipe:
    """The output of a command, read with a timeout.

    Args:
        pipe: the command, its output unbuffered.
        selector: without anything registered; closed by the caller.
        seconds: longest time without output.
    """

    def __init__(self, pipe: Pipe, selector: selectors.BaseSelector, seconds: float) -> None:
        self.pipe, self.selector, self.seconds = pipe, selector, seconds
        selector.register(pipe.stream, selectors.EVENT_READ)

    def read(self, size: int) -> bytes:
        """Return the next bytes, none at the end; raises OSError if the command failed."""
        if not self.selector.select(self.seconds):
            raise TimeoutError(f"nothing has come for {self.seconds:g} s")
        try:
            content = self.pipe.read(size)
            if not content:
                self.pipe.wait_for_child()
        except OSError as error:
            raise OSError(f"the command reading it ended with code {self.pipe.status}") from error
        return content

"""Where shards lie and how they are opened: files, urls, commands."""

import contextlib
import glob
import selectors
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import urlparse

from webdataset.gopen import Pipe, gopen
from webdataset.shardlists import expand_urls

from syncfusion.errors import InputError

TIMEOUT_SECONDS = 60.0  # without a byte from a url; curl's own retries would take a quarter hour


@dataclass(frozen=True, kw_only=True)
class Access:
    """How shards are opened.

    Args:
        timeout_seconds: longest time without a byte from a url or command.
        allow_commands: whether a shard may be the output of a shell command (``pipe:``).
    """

    timeout_seconds: float = TIMEOUT_SECONDS
    allow_commands: bool = False


def find_shards(urls: str | Sequence[str]) -> list[str]:
    """List the shards that paths, urls and patterns stand for.

    Args:
        urls: paths or urls, each with webdataset's braces (``train_shard_{1..3}.tar``) or, for
            paths, with wildcards. ``s3://`` is read by ``aws``, http(s) by ``curl``; ``pipe:`` is
            a shell command, see ``Access``.

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
def open_shard(shard: str, access: Access) -> "Iterator[TimedPipe | BinaryIO]":
    """Open a shard for reading; fails with an ``InputError`` where a command is not allowed."""
    if shard.startswith("pipe:") and not access.allow_commands:
        raise InputError(
            f"the shard {shard} is a shell command, which is run only where a training allows it "
            "by streaming.allow_commands=true; check the command first"
        )
    url = f"pipe:aws s3 cp {shlex.quote(shard)} -" if shard.startswith("s3://") else shard
    stream = gopen(url, bufsize=0)
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

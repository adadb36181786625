"""Shards at an address, read as a stream that goes on where a connection broke off."""

import hashlib
import logging
import shutil
import time
from pathlib import Path
from typing import Any

from syncfusion.addresses import open_system
from syncfusion.media import temporary_sibling

log = logging.getLogger(__name__)

BLOCK = 2**20  # bytes that are copied at a time
SPARE = 2**30  # bytes of a cache's disk that stay free
LONGEST_WAIT = 30.0  # seconds
FINAL = (FileNotFoundError, PermissionError, ModuleNotFoundError)  # trying again changes nothing


class RemoteShard:
    """A file at an address; reading it survives broken connections.

    Args:
        address: ``http://``, ``s3://`` and so on.
        timeout_seconds: longest time without a byte.
        retries: how often in a row a read is tried again.
        retry_seconds: before the first retry; doubled with each.
    """

    def __init__(
        self, address: str, *, timeout_seconds: float, retries: int, retry_seconds: float
    ) -> None:
        self.address, self.retries, self.retry_seconds = address, retries, retry_seconds
        self._system, self._name = open_system(address, **_options(address, timeout_seconds))
        self._file: Any = None
        self._position = 0
        self._has_ranges = True
        self._facts: dict[str, Any] | None = None

    @property
    def facts(self) -> dict[str, Any]:
        """What the server reports of the file: its ``size`` in bytes, None if it does not."""
        facts = self._facts
        if facts is None:
            facts = self._facts = self._persist(lambda: self._system.info(self._name))
        return facts

    def read(self, size: int) -> bytes:
        """Return the next bytes, none at the end.

        Args:
            size: the most that is returned.

        Returns:
            As many as came; fewer before the end as well.

        Raises:
            OSError: if the address does not answer, though it was tried again.
        """
        content = self._persist(lambda: self._next(size))
        self._position += len(content)
        return content

    def close(self) -> None:
        """Let the connection go."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _next(self, size: int) -> bytes:
        if self._file is None:
            self._file = self._open()
        try:
            content = self._file.read(size)
        except ValueError:  # fsspec's error where a server has no ranges: read it from the start
            self._has_ranges = False
            self.close()
            self._file = self._open()
            content = self._file.read(size)
        total = self.facts.get("size")
        if not content and total is not None and self._position < total:
            raise ConnectionError(f"it broke off after {self._position} of {total} bytes")
        return content

    def _open(self) -> Any:
        if self._has_ranges:
            file = self._system.open(self._name, "rb", block_size=4 * BLOCK, cache_type="readahead")
            file.seek(self._position)
            return file
        file, left = self._system.open(self._name, "rb", block_size=0), self._position
        while left > 0:
            skipped = file.read(min(left, BLOCK))
            if not skipped:
                raise ConnectionError(f"it broke off before {self._position} bytes")
            left -= len(skipped)
        return file

    def _persist(self, action: Any) -> Any:
        """Do an action, again and again where the connection fails."""
        wait = self.retry_seconds
        for left in range(self.retries, -1, -1):
            try:
                return action()
            except FINAL:
                raise
            except Exception as error:  # libraries below raise errors of their own
                self._file = None
                if left == 0 or _is_refusal(error):
                    raise OSError(f"it does not answer: {_text(error)}") from error
                log.warning("%s: %s; trying again in %g s", self.address, _text(error), wait)
            time.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)
        raise AssertionError("the last try returns or raises")


def cached(remote: RemoteShard, folder: Path) -> Path | None:
    """Return the copy of a shard in a folder, which is made if it is not there.

    A shard that has another size or tag at its address by now is copied anew.

    Args:
        remote: the shard, of which nothing has been read.
        folder: of all copies.

    Returns:
        The copy; None where the disk has no room for it.

    Raises:
        OSError: if the address does not answer, or the folder cannot be written to.
    """
    facts = remote.facts
    version = [str(facts.get(key)) for key in ("size", "ETag", "LastModified", "mtime")]
    key = hashlib.sha256("\n".join([remote.address, *version]).encode()).hexdigest()[:24]
    copy = folder / f"{key}.tar"
    if copy.is_file():
        return copy
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free < (facts.get("size") or 0) + SPARE:
        log.warning("%s has no room for %s, which is read without a copy", folder, remote.address)
        return None
    with temporary_sibling(copy) as temporary, open(temporary, "wb") as file:
        while content := remote.read(BLOCK):
            file.write(content)
    return copy


def _options(address: str, timeout_seconds: float) -> dict[str, Any]:
    """Return the options of fsspec that end a connection which has gone silent."""
    protocol = address.partition("://")[0]
    if protocol in ("http", "https"):
        import aiohttp

        limits = aiohttp.ClientTimeout(
            total=None, sock_connect=timeout_seconds, sock_read=timeout_seconds
        )
        return {"client_kwargs": {"timeout": limits}, "skip_instance_cache": True}
    if protocol in ("s3", "s3a"):
        limit = {"connect_timeout": timeout_seconds, "read_timeout": timeout_seconds}
        return {"config_kwargs": limit}
    return {}


def _is_refusal(error: Exception) -> bool:
    """Whether a web server refuses the request itself, which it will do again."""
    status = getattr(error, "status", None)
    return status is not None and 400 <= status < 500 and status not in (408, 429)


def _text(error: Exception) -> str:
    return str(error) or type(error).__name__

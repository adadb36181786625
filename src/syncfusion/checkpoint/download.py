"""Files fetched over https: resumed after an interruption, checked, and whole or absent."""

import logging
import os
from collections.abc import Sequence
from pathlib import Path

from syncfusion.checkpoint.hub import fetch_from_hub
from syncfusion.checkpoint.remote import Remote, check
from syncfusion.checkpoint.room import check_room, part_of
from syncfusion.checkpoint.transfer import Report, complete
from syncfusion.errors import InputError
from syncfusion.hashing import file_hash
from syncfusion.media import check_writable

log = logging.getLogger(__name__)


def fetch(
    remote: Remote,
    target: Path,
    *,
    mirrors: Sequence[str] = (),
    offline: bool = False,
    on_progress: Report = lambda done, total: None,
) -> str:
    """Fetch a file, going on with what an earlier try has left.

    Args:
        remote: what to fetch.
        target: where to; if it is there already it is checked and not fetched.
        mirrors: https addresses of folders that hold the file by its name, tried in turn before
            its own address; taken for files with a checksum alone.
        offline: whether nothing may be fetched; the hub's cache is used.
        on_progress: called with the bytes there and in all; the hub's library shows its own bar.

    Returns:
        The sha256 of the file.

    Raises:
        InputError: if no server gives it or all give something else, an address is not https, the
            file that is there is another one, the disk has too little room, the folder cannot be
            written to, or it is not there and nothing may be fetched.
    """
    if target.exists():
        check(remote, target, "is another file than the published one; move it away")
        return file_hash(target)
    if offline and not remote.repository:
        raise InputError(
            f"{target} is not there, and --offline forbids fetching it; "
            f"fetch {remote.url} elsewhere and put it there"
        )
    check_writable(target)
    check_room([(remote, target)])
    if not (mirrors and not offline and _from_mirror(remote, target, mirrors, on_progress)):
        if remote.repository:
            fetch_from_hub(remote, target, offline=offline)
        else:
            _fetch_resumed(remote, target, on_progress)
    return file_hash(target)


def _from_mirror(remote: Remote, target: Path, mirrors: Sequence[str], on_progress: Report) -> bool:
    """Fetch a file from the first mirror that gives it; return whether one did."""
    if not remote.checksum:
        raise InputError(
            f"no checksum of {remote.name} is known, so it is not taken from a mirror; "
            "run it without --mirror"
        )
    for mirror in mirrors:
        at_mirror = remote._replace(url=f"{mirror.rstrip('/')}/{remote.name}")
        try:
            _fetch_resumed(at_mirror, target, on_progress)
        except InputError as error:
            log.warning("%s; the next address is tried", error)
        else:
            return True
    return False


def _fetch_resumed(remote: Remote, target: Path, on_progress: Report) -> None:
    part = part_of(target)
    part.touch()
    complete(remote, part, on_progress)
    try:
        check(remote, part, f"came damaged from {remote.url} and was deleted; run it again")
    except InputError:
        part.unlink()
        raise
    with part.open("rb") as file:
        os.fsync(file.fileno())  # before it takes its name
    os.replace(part, target)

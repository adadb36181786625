"""Files of the Hugging Face hub, by its own library.

It resumes, keeps a cache, and follows ``HF_TOKEN``, ``HF_HUB_OFFLINE``, ``HF_ENDPOINT`` (mirrors)
and ``HF_HOME``.
"""

import os
import shutil
from pathlib import Path

from syncfusion.checkpoint.remote import Remote, check
from syncfusion.checkpoint.room import check_room
from syncfusion.errors import InputError
from syncfusion.media import temporary_sibling

TOKENS = ("HF_TOKEN", "HUGGINGFACE_TOKEN")  # the hub's name, and the published code's


def fetch_from_hub(remote: Remote, target: Path, *, offline: bool = False) -> None:
    """Fetch a file into the hub's cache, check it and put it in its place.

    Args:
        remote: what to fetch; has a repository.
        target: where to; linked to the cached file where the disk can, else a copy.
        offline: whether only the cache may be read.

    Raises:
        InputError: if the hub does not give the file or gives another one, or the folder cannot
            be written to.
    """
    if not offline:
        _check_cache(remote)
    with temporary_sibling(target) as temporary:
        cached = _cached(remote, target, offline).resolve()
        try:
            check(remote, cached, f"came damaged from {remote.url} and was deleted; run it again")
        except InputError:
            cached.unlink()
            raise
        temporary.unlink()
        try:
            os.link(cached, temporary)
        except OSError:
            shutil.copyfile(cached, temporary)


def _check_cache(remote: Remote) -> None:
    """Check that the disk of the cache has room, where the file is not in it yet."""
    from huggingface_hub import constants, try_to_load_from_cache

    if not isinstance(try_to_load_from_cache(remote.repository, remote.name), str):
        check_room([(remote, Path(constants.HF_HUB_CACHE) / remote.name)])


def _cached(remote: Remote, target: Path, offline: bool) -> Path:
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import (
        HTTPError,  # type: ignore  # of httpx, no dependency of ours
        XetDownloadError,
    )

    token = next((value for name in TOKENS if (value := os.environ.get(name))), None)
    try:
        return Path(
            hf_hub_download(remote.repository, remote.name, token=token, local_files_only=offline)
        )
    except (OSError, ValueError, RuntimeError, HTTPError, XetDownloadError) as error:
        cause = error.__cause__ or error  # the library's own message blames the connection
        reason = (str(cause).strip().splitlines() or [type(cause).__name__])[0].rstrip(".")
        raise InputError(
            f"cannot fetch {remote.url} ({reason}); run it again to go on, "
            f"or fetch it elsewhere and put it at {target}"
        ) from error

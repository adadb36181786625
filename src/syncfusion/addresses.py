"""Files by address: ``s3://``, ``gs://``, ``http://`` and whatever else fsspec opens."""

import contextlib
import posixpath
from pathlib import Path
from typing import Any

from syncfusion.errors import InputError
from syncfusion.extras import missing_extra

WHOLE = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs", "memory"})  # a file is there once whole
BUCKETS = WHOLE - {"memory"}  # stores without folders; a bucket is made by who owns it
CREATING = frozenset({"s3", "s3a"})  # a name that is taken can be refused by the store itself
Place = Path | str  # a path of this machine, or an address


def as_place(text: str) -> Place:
    """Return an address as it is, and anything else as a path."""
    return text if is_address(text) else Path(text)


def is_address(place: Place) -> bool:
    """Whether a place is an address rather than a path of this machine."""
    return isinstance(place, str) and "://" in place


def within(folder: Place, name: str) -> Place:
    """Return the place of a file in a folder."""
    return folder / name if isinstance(folder, Path) else posixpath.join(folder, name)


def open_system(address: str, **options: Any) -> tuple[Any, str]:
    """Return the file system of an address, and the file's name there.

    Args:
        address: with its protocol.
        **options: of fsspec's file system.

    Returns:
        An ``fsspec.AbstractFileSystem``, and a name that it understands.

    Raises:
        InputError: if nothing opens such an address.
    """
    import fsspec

    try:
        return fsspec.url_to_fs(address, **options)
    except ModuleNotFoundError as error:
        raise missing_extra(error) or error from error
    except ImportError as error:
        cause = error.__cause__ if isinstance(error.__cause__, ModuleNotFoundError) else None
        raise (cause and missing_extra(cause)) or InputError(
            f"{address} cannot be opened: {error}"
        ) from error
    except ValueError as error:
        raise InputError(f"{address} is no address that is known: {error}") from error


def is_there(address: str) -> bool:
    """Whether there is a file at an address; raises an ``InputError`` if it is silent."""
    system, name = open_system(address)
    try:
        return system.exists(name)
    except Exception as error:  # stores raise errors of their own
        raise _unwritten(address, error) from error


def upload(file: Path, address: str, *, overwrite: bool) -> None:
    """Put a file at an address, whole or not at all.

    Args:
        file: of this machine.
        address: where it goes.
        overwrite: whether one that came there meanwhile is replaced; only S3 sees it.

    Raises:
        InputError: if it cannot be written there.
    """
    system, name = open_system(address)
    protocol = address.partition("://")[0]
    target = name if protocol in WHOLE else f"{name}.part"
    once = {} if overwrite or protocol not in CREATING else {"mode": "create"}
    try:
        if protocol not in BUCKETS:
            system.makedirs(system._parent(name), exist_ok=True)
        with contextlib.suppress(FileExistsError):
            system.put_file(str(file), target, **once)
        if target != name:
            system.mv(target, name)
    except Exception as error:  # stores raise errors of their own
        raise _unwritten(address, error) from error


def _unwritten(address: str, error: Exception) -> InputError:
    reason = getattr(error, "strerror", None) or error or type(error).__name__
    return InputError(f"cannot write {address}: {reason}; check the address")

"""Files by address: ``s3://``, ``gs://``, ``http://`` and whatever else fsspec opens."""

import posixpath
from pathlib import Path
from typing import Any

from syncfusion.errors import InputError
from syncfusion.extras import missing_extra

WHOLE = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs", "memory"})  # a file is there once whole
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


def upload(file: Path, address: str) -> None:
    """Put a file at an address, whole or not at all; one that is there is replaced.

    Args:
        file: of this machine.
        address: where it goes.

    Raises:
        InputError: if it cannot be written there.
    """
    system, name = open_system(address)
    protocol = address.partition("://")[0]
    target = name if protocol in WHOLE else f"{name}.part"
    try:
        system.makedirs(system._parent(name), exist_ok=True)
        system.put_file(str(file), target)
        if target != name:
            system.mv(target, name)
    except (OSError, NotImplementedError) as error:
        reason = getattr(error, "strerror", None) or error or type(error).__name__
        raise InputError(f"cannot write {address}: {reason}; check the address") from error

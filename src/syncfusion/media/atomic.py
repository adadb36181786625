"""Atomic writing: a file is complete or absent, and what a killed run left behind is removed."""

import contextlib
import os
import re
import shutil
import socket
import uuid
from collections.abc import Iterator
from pathlib import Path

from syncfusion.errors import InputError
from syncfusion.ownership import note_results

LEFTOVER = re.compile(r"\.syncfusion-(?P<host>[0-9a-f]{8})-(?P<process>\d+)-[0-9a-f]{32}")
PROBE_BYTES = 2**16  # that a full disk has no room for


@contextlib.contextmanager
def temporary_sibling(path: str | Path, *, is_result: bool = False) -> Iterator[Path]:
    """Yield a temporary file beside ``path`` that replaces it when the block ends without error.

    Args:
        path: the final name; a missing folder is created, an existing file is replaced.
        is_result: whether to note the file as this program's own before it takes its name: one
            that is killed in between still knows it.

    Yields:
        The absolute path of an empty hidden file in the same folder, with the same suffix.

    Raises:
        InputError: if the folder cannot be created or written to, or ``path`` is a folder or a
            write-protected file.
    """
    path = Path(path).absolute()
    with _claimed(path) as temporary, _named_errors(path, temporary):
        mode = temporary.stat().st_mode
        yield temporary
        temporary.chmod(mode)  # safetensors puts a file in its place that no one else may read
        _flush(temporary)
        if is_result:
            note_results([temporary])
        os.replace(temporary, path)
        with contextlib.suppress(OSError):  # not every system opens or flushes folders
            _flush(path.parent)


@contextlib.contextmanager
def temporary_folder(beside: str | Path) -> Iterator[Path]:
    """Yield an empty hidden folder beside a file; it is removed when the block ends.

    Args:
        beside: the file, which need not exist; its folder does.

    Yields:
        The absolute path of the folder.

    Raises:
        OSError: if it cannot be made, or what is written there has no room.
    """
    folder = Path(beside).absolute().with_name(_hidden_name())
    folder.mkdir()
    try:
        with _named_errors(Path(beside).absolute(), folder / "probe"):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def known_folder(path: Path) -> Path:
    """Return the folder of a file as its user knows it: not the hidden one it is prepared in."""
    folder = path.parent
    return folder.parent if LEFTOVER.fullmatch(folder.name) else folder


def check_writable(path: str | Path) -> None:
    """Raise the InputError that ``temporary_sibling`` would; creates a missing folder."""
    with _claimed(Path(path).absolute()):
        pass


def _flush(path: Path) -> None:
    """Write a file or folder to the disk: without this, a power cut can leave an empty file."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _named_errors(path: Path, temporary: Path) -> Iterator[None]:
    """Let errors of writing, such as a full disk, name the file; libraries hide some of them."""
    try:
        yield
    except InputError:
        raise
    except Exception as error:
        found = error if isinstance(error, OSError) else _hidden_error(error, temporary)
        if found is None or found.errno is None or found.filename not in (None, str(temporary)):
            raise
        name = str(known_folder(path) / path.name)
        raise OSError(found.errno, found.strerror, name) from error


def _hidden_error(error: Exception, temporary: Path) -> OSError | None:
    """Return the system's error behind one of a library that wrote a file; None if there is none.

    Those in Rust name its number; torch and libsndfile state no more than that writing failed, so
    it is tried once more.
    """
    if stated := re.search(r"\(os error (\d+)\)", str(error)):
        return OSError(int(stated[1]), os.strerror(int(stated[1])))
    try:
        with temporary.open("ab") as file:
            file.write(bytes(PROBE_BYTES))
            file.flush()
            os.fsync(file.fileno())
    except OSError as hidden:
        return OSError(hidden.errno, hidden.strerror)
    return None


@contextlib.contextmanager
def _claimed(path: Path) -> Iterator[Path]:
    temporary = path.with_name(f"{_hidden_name()}{path.suffix}")
    try:
        _claim(path, temporary)
        yield temporary
    finally:
        with contextlib.suppress(OSError):  # an error of cleaning up would hide the first one
            temporary.unlink()


def _claim(path: Path, temporary: Path) -> None:
    if path.is_dir():
        raise InputError(f"{path} is a folder; give the name of a file to write")
    if path.exists() and not os.access(path, os.W_OK):
        raise InputError(f"{path} is write-protected; choose another name or allow writing")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        remove_leftovers(path.parent)
        temporary.touch(exist_ok=False)
    except OSError as error:
        raise InputError(
            f"cannot write to the folder {path.parent} ({error.strerror}); choose another by -o"
        ) from error


def remove_leftovers(folder: Path) -> None:
    """Remove unfinished files and folders of processes of this machine that run no longer."""
    for path in folder.glob(".syncfusion-*"):
        found = LEFTOVER.match(path.name)
        if found and found["host"] == _host() and not _runs(int(found["process"])):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                with contextlib.suppress(OSError):
                    path.unlink()


def _hidden_name() -> str:
    return f".syncfusion-{_host()}-{os.getpid()}-{uuid.uuid4().hex}"


def _host() -> str:
    """Return 8 hex digits that differ between machines which share a folder."""
    return uuid.uuid5(uuid.NAMESPACE_DNS, socket.gethostname()).hex[:8]


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it belongs to somebody else
        return True
    return True

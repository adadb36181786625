"""Messages between a process and the one that decodes for it.

Requests are pickles; they come from the process that started the other. Answers are plain values
and arrays, so that nothing runs here that a codec may have been made to write.
"""

import io
import json
import pickle
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np

from syncfusion.media.limits import Limits
from syncfusion.media.shared_memory import Receiver, Sender
from syncfusion.plain_values import parse_json

LENGTH = struct.Struct("<Q")
LARGEST = 2**34  # bytes of an array

Work = Callable[..., Iterator[tuple]]  # its items are of plain values and arrays


class Request(NamedTuple):
    """What is to be done.

    Args:
        function: a generator function of a module.
        arguments: its arguments.
        limits: of the process.
        folder: that relative paths count from; None for one that is gone.
    """

    function: Work
    arguments: tuple
    limits: Limits
    folder: Path | None


def send_request(file: BinaryIO | io.FileIO, request: Request) -> None:
    """Write a request."""
    content = pickle.dumps(request)
    _write(file, LENGTH.pack(len(content)) + content)


def receive_request(file: BinaryIO) -> Request:
    """Read a request; raises EOFError where there is none any more."""
    return pickle.loads(_read(file, LENGTH.unpack(_read(file, LENGTH.size))[0]))


def send_answer(file: BinaryIO, kind: str, *values: Any, shared: Sender | None = None) -> None:
    """Write plain values and arrays, under a word for what they are.

    Args:
        file: where to.
        kind: the word.
        *values: plain values of json, and arrays.
        shared: memory for the arrays; without it, or without room, they go the way of the rest.
    """
    arrays = [value for value in values if isinstance(value, np.ndarray)]
    places = shared.place(arrays) if shared else None
    left = iter(places or [None] * len(arrays))
    described = [
        {"array": [value.dtype.str, value.shape, next(left)]}
        if isinstance(value, np.ndarray)
        else {"plain": value}
        for value in values
    ]
    header = json.dumps([kind, described]).encode()
    _write(file, LENGTH.pack(len(header)) + header)
    if places is None:
        for array in arrays:
            _write(file, np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
    file.flush()


def receive_answer(
    file: "io.BufferedReader[io.FileIO]", shared: Receiver | None = None
) -> tuple[str, tuple, bool]:
    """Read what ``send_answer`` wrote.

    Args:
        file: from where.
        shared: the memory that the sender has.

    Returns:
        The word, the values, and whether the sender waits for an acknowledgement.

    Raises:
        EOFError: where there is nothing more, or nothing that makes sense.
    """
    kind, described = parse_json(_read(file, LENGTH.unpack(_read(file, LENGTH.size))[0]))
    is_shared = any(item.get("array", [None])[-1] is not None for item in described)
    values = tuple(
        _array(file, shared, *item["array"]) if "array" in item else item["plain"]
        for item in described
    )
    return kind, values, is_shared


def _array(
    file: "io.BufferedReader[io.FileIO]",
    shared: Receiver | None,
    kind: str,
    shape: list[int],
    place: int | None,
) -> np.ndarray:
    dtype = np.dtype(kind)
    if dtype.hasobject or int(np.prod(shape, dtype=object)) * dtype.itemsize > LARGEST:
        raise EOFError
    if place is None:
        return _read_array(file, dtype, shape)
    try:
        if shared is not None:
            return shared.taken(dtype, shape, place)
    except (ValueError, TypeError) as error:
        raise EOFError from error
    raise EOFError


def _read_array(
    file: "io.BufferedReader[io.FileIO]", dtype: np.dtype, shape: list[int]
) -> np.ndarray:
    array = np.empty(shape, dtype)
    place = array.reshape(-1).view(np.uint8).data
    while len(place):
        n_read = file.readinto(place)
        if not n_read:
            raise EOFError
        place = place[n_read:]
    return array


def _read(file: "BinaryIO | io.BufferedReader[io.FileIO]", size: int) -> bytes:
    content = file.read(size) if size <= LARGEST else b""
    if len(content) < size or not size:
        raise EOFError
    return content


def _write(file: BinaryIO | io.FileIO, content: bytes | memoryview) -> None:
    """Write all of it, which a file without a buffer may do in parts."""
    rest = memoryview(content)
    while len(rest):
        rest = rest[file.write(rest) :]

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


def send_answer(file: BinaryIO, kind: str, *values: Any) -> None:
    """Write plain values and arrays, under a word for what they are."""
    arrays = [np.ascontiguousarray(value) for value in values if isinstance(value, np.ndarray)]
    described = [
        {"array": [value.dtype.str, value.shape]}
        if isinstance(value, np.ndarray)
        else {"plain": value}
        for value in values
    ]
    header = json.dumps([kind, described]).encode()
    _write(file, LENGTH.pack(len(header)) + header)
    for array in arrays:
        _write(file, array.reshape(-1).view(np.uint8).data)
    file.flush()


def receive_answer(file: "io.BufferedReader[io.FileIO]") -> tuple[str, tuple]:
    """Read what ``send_answer`` wrote; raises EOFError where it ends."""
    kind, described = parse_json(_read(file, LENGTH.unpack(_read(file, LENGTH.size))[0]))
    return kind, tuple(
        _read_array(file, *item["array"]) if "array" in item else item["plain"]
        for item in described
    )


def _read_array(file: "io.BufferedReader[io.FileIO]", kind: str, shape: list[int]) -> np.ndarray:
    dtype = np.dtype(kind)
    if dtype.hasobject or int(np.prod(shape, dtype=object)) * dtype.itemsize > LARGEST:
        raise EOFError
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

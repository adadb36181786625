"""The chunks of a RIFF WAVE file."""

import struct
from collections.abc import Sequence
from typing import NamedTuple

from syncfusion.errors import InputError

LARGEST = 2**32 - 1  # bytes; sizes are 32 bits
PCM, EXTENSIBLE = 1, 0xFFFE  # formats of samples


class Chunk(NamedTuple):
    """Four letters and their content."""

    kind: bytes
    content: bytes

    def packed(self) -> bytes:
        """Return the chunk with its size, and a zero behind an odd one that the size leaves out."""
        head = struct.pack("<4sI", self.kind, len(self.content))
        return b"".join([head, self.content, bytes(len(self.content) % 2)])


def around_samples(
    before: Sequence[Chunk], n_bytes: int, behind: Sequence[Chunk]
) -> tuple[bytes, bytes]:
    """Return what stands before and behind the samples of a file.

    Args:
        before: chunks before the samples.
        n_bytes: size of the samples.
        behind: chunks behind them.

    Returns:
        The beginning of the file up to its first sample, and the end of it from the last one on;
        every chunk at an even place.

    Raises:
        InputError: if the file is larger than such a file can be.
    """
    first = b"".join(chunk.packed() for chunk in before) + struct.pack("<4sI", b"data", n_bytes)
    last = bytes(n_bytes % 2) + b"".join(chunk.packed() for chunk in behind)
    size = 4 + len(first) + n_bytes + len(last)
    if size > LARGEST:
        raise InputError("a wav holds 4 GB at most; export shorter parts")
    return struct.pack("<4sI4s", b"RIFF", size, b"WAVE") + first, last


def read_chunks(content: bytes) -> dict[bytes, bytes]:
    """Return the chunks of a file by their letters: the first of each, of LIST the one of cues.

    A last chunk that is cut off is returned as far as it goes.

    Args:
        content: the whole file.

    Returns:
        Content by four letters, without the zero that pads it.

    Raises:
        InputError: if it is no wav.
    """
    if len(content) < 12 or content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise InputError("it is no wav; export it as wav")
    chunks: dict[bytes, bytes] = {}
    place = 12
    while place + 8 <= len(content):
        kind, size = struct.unpack_from("<4sI", content, place)
        body = content[place + 8 : place + 8 + size]
        if kind != b"LIST" or body[:4] == b"adtl":
            chunks.setdefault(kind, body)
        place += 8 + size + size % 2
    return chunks


def pcm_format(chunks: dict[bytes, bytes]) -> tuple[int, int, int]:
    """Return sample rate in Hz, channels, and bits a sample.

    Args:
        chunks: those of a file, by their letters.

    Returns:
        Hz, channels and bits, the first two 1 or more.

    Raises:
        InputError: if the samples are no PCM.
    """
    if len(chunks.get(b"fmt ", b"")) < 16:
        raise InputError("it is a damaged wav; export it anew")
    kind, channels, rate, _, _, depth = struct.unpack_from("<HHIIHH", chunks[b"fmt "])
    if kind == EXTENSIBLE and len(chunks[b"fmt "]) >= 26:
        kind = struct.unpack_from("<H", chunks[b"fmt "], 24)[0]
    if kind != PCM or not rate or not channels:
        raise InputError("it holds no PCM samples; export it as wav of 24 bits")
    return rate, channels, depth

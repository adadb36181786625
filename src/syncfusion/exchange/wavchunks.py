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
        return b"".join(self.parts())

    def parts(self) -> list[bytes]:
        """Return the pieces of ``packed``, without a copy of the content."""
        head = struct.pack("<4sI", self.kind, len(self.content))
        return [head, self.content, bytes(len(self.content) % 2)]


def riff(chunks: Sequence[Chunk]) -> bytes:
    """Return a file of chunks.

    Args:
        chunks: in the order in which they stand in the file.

    Returns:
        The file with its header, every chunk at an even place.

    Raises:
        InputError: if it is larger than such a file can be.
    """
    size = 4 + sum(8 + len(chunk.content) + len(chunk.content) % 2 for chunk in chunks)
    if size > LARGEST:
        raise InputError("a wav holds 4 GB at most; export shorter parts")
    parts = [part for chunk in chunks for part in chunk.parts()]
    return b"".join([struct.pack("<4sI4s", b"RIFF", size, b"WAVE"), *parts])


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

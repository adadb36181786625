"""Edits that make a hostile file of a real one, drawn by hypothesis."""

import re
import struct
from collections.abc import Sequence
from typing import NamedTuple

from hypothesis import strategies as st

NUMBER = re.compile(rb"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
NUMBERS = [b"nan", b"-nan", b"inf", b"-1", b"0", b"-0.0", b"1e308", b"1e999", b"1e-320", b"null"]
NUMBERS += [b"99999999999999999999", b"9" * 5000, b"0x10", b"1_0", b"true", b'""', b"[]", b"{}"]
WORDS = [b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n", b",", b";", b'"', b"'", b"\\", b"{"]
WORDS += [b"[" * 3000, b"(" * 3000, b"<a>" * 3000, b"../" * 40, b"/etc/passwd", b"%s%n", b"\xc3"]
WORDS += [b"&a;", b"*a", b"&a [*a, *a]", b"!!python/object/apply:os.system ['id']", b"<![CDATA["]
INTEGERS = [0, 1, 2, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 2**31 - 1, 2**31, 2**32 - 1]
LAYOUTS = ("<H", ">H", "<I", ">I", "<Q", ">Q", "<f", ">d")
HEADER = 4096  # bytes at the beginning and the end that are hit most often


class Edit(NamedTuple):
    """One change of a file."""

    kind: str
    place: float  # 0 to 1 of the region
    region: str  # "whole", "begin" or "end"
    number: int  # what it means depends on the kind


KINDS = ("flip", "integer", "word", "number", "delete", "repeat", "cut", "fill", "swap")
EDITS = st.lists(
    st.builds(
        Edit,
        st.sampled_from(KINDS),
        st.floats(0, 1),
        st.sampled_from(("whole", "begin", "begin", "end")),
        st.integers(0, 2**16 - 1),
    ),
    min_size=1,
    max_size=6,
)


def mutated(content: bytes, edits: Sequence[Edit]) -> bytes:
    """Return a file with some edits."""
    changed = bytearray(content)
    for edit in edits:
        _apply(changed, edit)
    return bytes(changed)


def _apply(content: bytearray, edit: Edit) -> None:
    size = len(content)
    if not size:
        content += b"\0"
        return
    span = size if edit.region == "whole" else min(size, HEADER)
    at = int(edit.place * (span - 1)) + (size - span if edit.region == "end" else 0)
    number, length = edit.number, 1 << edit.number % 12
    if edit.kind == "flip":
        content[at] ^= 1 << number % 8
    elif edit.kind == "integer":
        layout = LAYOUTS[number % len(LAYOUTS)]
        value = INTEGERS[number // 8 % len(INTEGERS)]
        value = value % 2 ** (8 * struct.calcsize(layout)) if layout[1] not in "fd" else value
        packed = struct.pack(layout, value)
        content[at : at + len(packed)] = packed
    elif edit.kind == "word":
        content[at:at] = WORDS[number % len(WORDS)]
    elif edit.kind == "number":
        _replace_number(content, at, NUMBERS[number % len(NUMBERS)])
    elif edit.kind == "delete":
        del content[at : at + length]
    elif edit.kind == "repeat":
        content[at:at] = content[at : at + length] * (1 + number % 40)
    elif edit.kind == "cut":
        del content[at:]
    elif edit.kind == "fill":
        content[at : at + length] = bytes([number % 256]) * min(length, size - at)
    else:
        other = number * 7919 % size
        part = bytes(content[other : other + length])
        content[at : at + len(part)] = part


def _replace_number(content: bytearray, at: int, text: bytes) -> None:
    found = NUMBER.search(content, at) or NUMBER.search(content)
    if found:
        content[found.start() : found.end()] = text

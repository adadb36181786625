"""The encodings of text files that people and programs write."""

import codecs

from syncfusion.errors import InputError

UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decode_text(content: bytes) -> str:
    """Return the text of a file: UTF-8 or UTF-16 with a byte order mark, UTF-8, or Windows-1252.

    Args:
        content: the whole file.

    Returns:
        The text without the mark.

    Raises:
        InputError: if it is none of these.
    """
    for encoding in (
        ("utf-16",) if content.startswith(UTF16_MARKS) else ("utf-8-sig", "windows-1252")
    ):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise InputError("it is not a text file; save it as UTF-8")

"""Plain values from json and yaml that others wrote: no objects, no bombs, one kind of error.

Yaml is read by its safe loader, without anchors: an alias of an alias of a list stands for more
values than any memory holds.
"""

import io
import json
import zipfile
import zlib
from functools import cache
from pathlib import Path
from tokenize import TokenError
from typing import Any

MOST_BYTES = 2**26  # of a json text
MOST_YAML_BYTES = 2**20  # of settings; yaml is slow
UNPACKED_BYTES = 2**32  # of all members of a compressed archive of arrays
RATIO = 200  # unpacked to packed; motion, kept as int8, packs to a tenth at best
SMALL = 2**24  # unpacked bytes up to which the ratio does not count
BROKEN_ARRAYS = (  # what numpy.load raises of a damaged npy or npz, besides OSError
    ValueError,
    EOFError,
    KeyError,
    TypeError,
    RuntimeError,  # a member that claims to be encrypted, or packed in an unknown way
    TokenError,
    zlib.error,
    zipfile.BadZipFile,
)


@cache
def _settings_loader() -> Any:
    """Return the safe loader without aliases; yaml is imported where it is needed."""
    import yaml

    class Settings(yaml.SafeLoader):
        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.AliasEvent):
                raise yaml.YAMLError("aliases (*name) are not read here; write the values out")
            return super().compose_node(parent, index)

    return Settings


def parse_json(content: str | bytes) -> Any:
    """Return the values of a json text.

    Args:
        content: the text.

    Returns:
        Plain values.

    Raises:
        ValueError: if it is no json, nested too deeply, or too large.
    """
    if len(content) > MOST_BYTES:
        raise ValueError(f"it has over {MOST_BYTES >> 20} MB")
    try:
        return json.loads(content)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def parse_yaml(text: str) -> Any:
    """Return the values of a yaml text.

    Args:
        text: of settings.

    Returns:
        Plain values.

    Raises:
        ValueError: in one line, if it is no yaml, holds tags of objects or aliases, is nested too
            deeply, or is too large.
    """
    import yaml

    if len(text) > MOST_YAML_BYTES:
        raise ValueError(f"it has over {MOST_YAML_BYTES >> 20} MB")
    try:
        return yaml.load(text, _settings_loader())  # noqa: S506 a subclass of the safe loader
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except (yaml.YAMLError, OverflowError) as error:
        raise ValueError(" ".join(str(error).split())[:200]) from error


def check_archive(file: Path | io.BytesIO) -> None:
    """Check that a zip of arrays (npz) unpacks to a reasonable size.

    Args:
        file: path, or open file, which is left at its beginning.

    Raises:
        ValueError: if it is none, or a bomb.
        OSError: if it cannot be opened.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
    except BROKEN_ARRAYS as error:
        raise ValueError(str(error)) from error
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if unpacked > UNPACKED_BYTES or unpacked > max(SMALL, RATIO * packed):
        raise ValueError(f"it unpacks from {packed} to {unpacked} bytes")
    if not isinstance(file, Path):
        file.seek(0)

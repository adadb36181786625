"""Words of stage 1's command line: the subcommand, and the configurations that ``-c`` names."""

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

from syncfusion.places import CFG
from syncfusion.training.named_code import read_settings

log = logging.getLogger(__name__)


def with_subcommand(arguments: Sequence[str], subcommands: Sequence[str]) -> list[str]:
    """Return arguments that begin with a subcommand; the first one is the default.

    Args:
        arguments: of the command line.
        subcommands: their names.

    Returns:
        The arguments, with the configurations that they name found, see ``find_config``.

    Raises:
        InputError: if a file of settings is no plain yaml, or names code that is not allowed.
    """
    named = [*arguments[:1]] in [[name] for name in (*subcommands, "-h", "--help")]
    given = [] if named else [subcommands[0]]
    found = [*given, *_found(arguments)]
    for word in found:
        path = Path(word.rpartition("=")[2])
        if path.suffix in (".yaml", ".yml") and path.is_file():
            read_settings(path)
    return found


def find_config(text: str) -> str:
    """Return where a configuration lies that the command line names.

    Args:
        text: a path. ``cfg/…`` that is not in the working folder is the package's own file.

    Returns:
        The path. A file of the working folder that hides one of the package is reported.
    """
    path = Path(text)
    packaged = CFG.parent / path
    if path.is_absolute() or path.parts[:1] != (CFG.name,) or not packaged.is_file():
        return text
    if not path.is_file():
        return str(packaged)
    if not path.samefile(packaged):
        log.warning("%s is read from this folder; the package's own is %s", path, packaged)
    return text


def _found(arguments: Sequence[str]) -> Iterator[str]:
    is_config = False
    for word in arguments:
        name, equals, value = word.partition("=")
        if is_config:
            yield find_config(word)
        elif equals and name in ("-c", "--config"):
            yield f"{name}={find_config(value)}"
        else:
            yield word
        is_config = word in ("-c", "--config")

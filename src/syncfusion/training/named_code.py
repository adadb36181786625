"""Which code the settings of a training may name: what trainings are made of, and no other.

Settings name classes by ``_target_`` (Hydra) and ``class_path`` (LightningCLI). A file of settings
that somebody else made must not run programs, nor import a module that lies in the working folder.
"""

import importlib.util
import os
import pkgutil
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from syncfusion.errors import InputError
from syncfusion.plain_values import parse_yaml

TRUST = "SYNCFUSION_TRUST"  # variable with further packages, separated by commas
KEYS = ("_target_", "class_path")
ARGUMENTS = "init_args"  # of a class_path: a name in them may be imported as a function
PACKAGES = (
    "syncfusion",
    "torch.nn",
    "torch.optim",
    "torchvision.transforms",
    *(
        f"pytorch_lightning.{part}"
        for part in ("accelerators", "callbacks", "loggers", "plugins", "profilers", "strategies")
    ),
    "lightning_fabric.plugins",
)
ROOTS = {name.partition(".")[0] for name in PACKAGES} | {"torch"}
DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+")


def read_settings(path: Path) -> Any:
    """Read a file of settings before another reader imports what it names.

    Args:
        path: of a yaml file.

    Returns:
        Plain values; references in them as they stand.

    Raises:
        InputError: if it is no plain yaml, or names code that is not allowed.
    """
    try:
        settings = parse_yaml(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            f"the settings {path} cannot be read: {' '.join(str(error).split())}; correct that file"
        ) from error
    check_named(settings)
    return settings


def check_named(settings: Any) -> None:
    """Check settings, however nested.

    Args:
        settings: mappings, lists and values; functions and classes too, where names are read
            already.

    Raises:
        InputError: naming the first code that is not allowed, or is not there.
    """
    for name in _named(settings):
        if isinstance(name, str):
            if not _is_allowed(name):
                raise InputError(refusal(name))
            code = _found(name)
        else:
            code = name
        if not _is_allowed(f"{getattr(code, '__module__', '')}."):
            raise InputError(refusal(name if isinstance(name, str) else _name_of(code)))


def restrict_imports() -> None:
    """Let jsonargparse import from no other package, whatever names it: a word, a file in a file.

    What it finds in these is checked by ``check_named`` before it is called.
    """
    from jsonargparse import set_parsing_settings

    allowed = [*sorted(ROOTS), *_trusted()]
    set_parsing_settings(import_path_denylist=["*"], import_path_allowlist=allowed)


def refusal(name: str) -> str:
    """Return the sentence that refuses a name of code."""
    package = name.partition(".")[0]
    return (
        f"the settings name {name}, which is no part of a training; remove it, or set "
        f"{TRUST}={package} if that code is yours"
    )


def _named(value: Any, *, in_arguments: bool = False) -> Iterator[Any]:
    """Yield what settings name: as text, or as the function or class."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key in KEYS and isinstance(inner, str) and "." in inner:
                yield inner
            else:
                yield from _named(inner, in_arguments=in_arguments or key == ARGUMENTS)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _named(inner, in_arguments=in_arguments)
    elif isinstance(value, str):
        if in_arguments and DOTTED.fullmatch(value) and _imports_other(value):
            yield value
    elif isinstance(value, type) or (callable(value) and hasattr(value, "__qualname__")):
        yield value


def _imports_other(name: str) -> bool:
    """Whether a name begins with a module, one outside the packages of trainings."""
    root = name.partition(".")[0]
    if root in ROOTS:
        return False  # importing these does nothing; what is found there is checked afterwards
    spec = importlib.util.find_spec(root)
    return spec is not None and spec.origin is not None


def _trusted() -> list[str]:
    return [each.strip() for each in os.environ.get(TRUST, "").split(",") if each.strip()]


def _is_allowed(name: str) -> bool:
    return name.startswith(tuple(f"{package}." for package in (*PACKAGES, *_trusted())))


def _found(name: str) -> Any:
    try:
        return pkgutil.resolve_name(name)
    except (ImportError, AttributeError, ValueError) as error:
        raise InputError(f"the settings name {name}, which is not there: {error}") from error


def _name_of(code: Any) -> str:
    return f"{code.__module__}.{code.__qualname__}"

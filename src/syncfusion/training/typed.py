"""Settings held against the signatures of what they configure, before anything is built."""

import inspect
import types
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from hydra.errors import InstantiationException
from hydra.utils import get_object, instantiate

from syncfusion.errors import InputError
from syncfusion.published import DIFFUSION, renamed
from syncfusion.training.named_code import check_named

NAMES = {type(None): "null", str: "text", int: "a whole number", float: "a number"}
NAMES |= {bool: "true or false", Path: "a path"}


def check_settings(settings: Mapping[str, Any], target: Callable[..., Any], name: str) -> None:
    """Refuse settings that a function or class does not take.

    Args:
        settings: by name; those with a ``_target_`` are held against that.
        target: what is to be called with them.
        name: what the settings are called in messages, for example "trainer"; "" for none.

    Raises:
        InputError: naming the first key that is unknown or has a value of another type, and what
            is allowed; or code that is not, see ``named_code``.
    """
    check_named(settings)
    for problem in _problems(settings, target, name):
        raise InputError(problem)


def build(settings: Mapping[str, Any]) -> Any:
    """Build the object that a part of a configuration describes.

    Args:
        settings: with ``_target_``; none, for nothing.

    Returns:
        The object; None where there are no settings.

    Raises:
        InputError: with the reason, if it refuses its arguments.
    """
    check_named(settings)
    try:
        return instantiate(dict(settings), _convert_="all") if settings else None
    except InstantiationException as error:
        reason = error.__cause__
        if isinstance(reason, InputError | ModuleNotFoundError):
            raise reason from error
        raise InputError(" ".join(str(reason or error).split())) from error


def _problems(settings: Mapping[str, Any], target: Callable[..., Any], name: str) -> Iterator[str]:
    parameters, hints = inspect.signature(target).parameters, _hints(target)
    open_ended = any(each.kind is each.VAR_KEYWORD for each in parameters.values())
    for key, value in settings.items():
        path = f"{name}.{key}" if name else key
        if key.startswith("_"):
            continue
        inner = value.get("_target_") if isinstance(value, Mapping) else None
        if key not in parameters and not open_ended:
            yield unknown_key(path, parameters)
        elif inner is not None:
            yield from _problems(value, get_object(inner), path)
        elif key in parameters and not fits(value, hints.get(key, Any)):
            yield wrong_type(path, value, hints[key])


def unknown_key(path: str, known: Iterable[str], published: Mapping[str, str] = DIFFUSION) -> str:
    """Return a sentence about a key that is not there, naming those that are.

    Args:
        path: the dotted key.
        known: the names beside it.
        published: names of the published code, which are answered with those here.

    Returns:
        The sentence, without a full stop.
    """
    answer = renamed(path, published)
    if answer is not None:
        return answer
    group = path.rpartition(".")[0]
    names = ", ".join(dict.fromkeys(name for name in known if name != "self"))
    return f"there is no {path}; {group or 'the configuration'} takes {names}"


def wrong_type(path: str, value: object, hint: Any) -> str:
    """Return a sentence about a value of another type than its key takes.

    Args:
        path: the dotted key.
        value: as given.
        hint: the type its key takes.

    Returns:
        The sentence, without a full stop.
    """
    return f"{path} is {value!r}; it takes {described(hint)}"


def fits(value: Any, hint: Any) -> bool:
    """Return whether a plain value, as a yaml file holds it, is of a type.

    Args:
        value: number, text, bool, None, list or mapping.
        hint: an annotation; types that yaml cannot hold fit their own instances alone.

    Returns:
        True too where the annotation names no type: ``Any``, none or one as text.
    """
    kind, inner = get_origin(hint), get_args(hint)
    if hint is Any or hint is inspect.Parameter.empty or isinstance(hint, str):
        return True
    if kind in (Union, types.UnionType):
        return any(fits(value, each) for each in inner)
    if kind is Literal:
        return any(value == each and type(value) is type(each) for each in inner)
    if hint in (None, type(None)):
        return value is None
    if hint in (int, float):
        return isinstance(value, int | hint) and not isinstance(value, bool)
    if hint is Path:
        return isinstance(value, str | Path)
    if isinstance(kind, type) and issubclass(kind, Sequence):
        return isinstance(value, list | tuple) and all(_each_fits(value, inner))
    if kind is not None:
        return not isinstance(kind, type) or isinstance(value, kind)
    return _is_instance(value, hint)


def described(hint: Any) -> str:
    """Return what a type allows, in words."""
    kind, inner = get_origin(hint), get_args(hint)
    if kind in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(described(each) for each in inner))
    if kind is Literal:
        return " or ".join(str(each) for each in inner)
    if isinstance(kind, type) and issubclass(kind, Sequence):
        each = dict.fromkeys(described(part) for part in inner if part is not Ellipsis)
        return f"a list, each {' or '.join(each)}" if each else "a list"
    return NAMES.get(hint, getattr(hint, "__name__", str(hint)))


def _each_fits(values: Sequence[Any], inner: tuple[Any, ...]) -> Iterator[bool]:
    fixed = len(inner) > 1 and Ellipsis not in inner
    if fixed:
        yield len(values) == len(inner)
    hints = inner if fixed else inner[:1] * len(values)
    yield from (fits(value, hint) for value, hint in zip(values, hints, strict=False))


def _is_instance(value: Any, hint: Any) -> bool:
    """Return whether a value is of a class; the fields of a dataclass may come as a mapping."""
    if not isinstance(hint, type):
        return True
    return isinstance(value, (hint, Mapping) if is_dataclass(hint) else hint)


def _hints(target: Callable[..., Any]) -> dict[str, Any]:
    function = target.__init__ if isinstance(target, type) else target
    try:
        return get_type_hints(function)
    except NameError:  # a package imports a type for its type checker alone
        return {}

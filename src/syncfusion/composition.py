"""``exp/`` composed by Hydra: the one module that calls it."""

import itertools
import re
from collections.abc import Mapping, Sequence
from typing import Any

from syncfusion.errors import InputError
from syncfusion.places import EXP
from syncfusion.published import DIFFUSION, renamed


def compose(
    overrides: Sequence[str] = (),
    *,
    primary: str = "evaluate",
    changes: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Compose a configuration.

    Args:
        overrides: as on Hydra's command line: ``group=choice``, ``key=value``; values may hold
            "=", as the names of checkpoints do.
        primary: a yaml of ``exp/``.
        changes: values by dotted key, set after the overrides; every key must be there already.

    Returns:
        Plain values, all references resolved.

    Raises:
        InputError: if an override is not understood, or if it or a change names an unknown key.
    """
    from hydra.errors import HydraException
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    overrides = list(map(quoted, overrides))
    try:
        config = _composed(primary, overrides)
        for key, value in (changes or {}).items():
            if OmegaConf.select(config, key, default=config) is config:
                raise InputError(_unknown(config, key, primary) or f"there is no key {key}")
            OmegaConf.update(config, key, value, merge=False)
        found = OmegaConf.to_container(config, resolve=True)
    except (HydraException, OmegaConfBaseException) as error:
        reason = _reason(primary, overrides) or " ".join(str(error).split())
        raise InputError(
            f"{' '.join(overrides)} does not fit {EXP / primary}.yaml: {reason}"
        ) from error
    return {str(key): value for key, value in dict(found or {}).items()}  # type: ignore[arg-type]


def compose_sweep(overrides: Sequence[str], *, primary: str) -> list[dict[str, Any]]:
    """Compose every combination of overrides with several values, ``key=a,b``.

    Args:
        overrides: see ``compose``; Hydra's ``choice``, ``range`` and ``glob`` too.
        primary: a yaml of ``exp/`` with ``output``.

    Returns:
        Configurations whose ``output`` is a folder of their own, ``multirun/KEY=VALUE,…`` in that
        of the yaml.

    Raises:
        InputError: if one of them does not compose.
    """
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    try:
        parsed = OverridesParser.create().parse_overrides(list(map(quoted, overrides)))
        choices = [
            [f"{each.get_key_element()}={value}" for value in each.sweep_string_iterator()]
            if each.is_sweep_override()
            else [each.input_line or ""]
            for each in parsed
        ]
    except HydraException as error:
        raise InputError(" ".join(str(error).split())) from error
    swept = [len(each) > 1 for each in choices]
    found = []
    for words in itertools.product(*choices):
        name = ",".join(word for word, varies in zip(words, swept, strict=True) if varies)
        folder = f"{compose(words, primary=primary)['output']}/multirun/{_file_name(name)}"
        found.append(compose(words, primary=primary, changes={"output": folder}))
    return found


def quoted(override: str) -> str:
    """Return an override whose value Hydra reads as text although it holds "=".

    Args:
        override: as on the command line; one that is quoted, a list or a function stays.

    Returns:
        ``key='value'``; each part between commas has its own quotes, so that a sweep stays one.
    """
    key, equals, value = override.partition("=")
    if "=" not in value or re.match(r"['\"\[{]|\w+\(", value):
        return override
    parts = ("'" + part.replace("'", "\\'") + "'" for part in value.split(","))
    return f"{key}{equals}{','.join(parts)}"


def _file_name(words: str) -> str:
    return re.sub(r"[^\w=,.+-]+", "_", words) or "one"


def _composed(primary: str, overrides: Sequence[str]) -> Any:
    from hydra import compose, initialize_config_dir

    with initialize_config_dir(str(EXP), version_base=None):
        return compose(primary, list(overrides))


def _reason(primary: str, overrides: Sequence[str]) -> str | None:
    """Return which override names an unknown key, and the keys that are there."""
    from hydra.errors import HydraException
    from omegaconf.errors import OmegaConfBaseException

    for index, override in enumerate(overrides):
        others = [*overrides[:index], *overrides[index + 1 :]]
        try:
            config = _composed(primary, others)
        except (HydraException, OmegaConfBaseException):
            continue
        adds = override.startswith("+")  # a key, or a choice of a group: Hydra names what it lacks
        key = override.partition("=")[0]
        return renamed(key, DIFFUSION) or (None if adds else _unknown(config, key, primary))
    return None


def _unknown(config: Any, key: str, primary: str) -> str | None:
    """Return a sentence about the first part of a key that a configuration lacks, if one does."""
    group, parts = primary, key.split(".")
    for part in parts:
        if not hasattr(config, "_get_node"):
            return f"{group} is one value and has no {part}"
        if part not in config:
            known = ", ".join(str(name) for name in config if not str(name).startswith("_"))
            return f"{group} has no {part}; it takes {known}"
        group, config = part, config._get_node(part)
    return None

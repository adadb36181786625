"""Composition of ``exp/`` by Hydra; no other module of the package uses it."""

from collections.abc import Sequence
from typing import Any

from syncfusion.errors import InputError
from syncfusion.places import EXP


def compose(overrides: Sequence[str], *, primary: str = "evaluate") -> dict[str, Any]:
    """Compose a configuration.

    Args:
        overrides: overrides in Hydra's syntax: ``group=choice``, ``key=value``.
        primary: name of a yaml file of ``exp/``.

    Returns:
        Plain values with all references resolved.

    Raises:
        InputError: if an override is malformed or names an unknown key or choice.
    """
    from hydra import compose as composed
    from hydra import initialize_config_dir
    from hydra.errors import HydraException
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    try:
        with initialize_config_dir(str(EXP), version_base=None):
            config = composed(primary, list(overrides))
            found = OmegaConf.to_container(config, resolve=True)
    except (HydraException, OmegaConfBaseException) as error:
        reason = " ".join(str(error).split())
        raise InputError(
            f"{' '.join(overrides)} does not fit {EXP / primary}.yaml: {reason}"
        ) from error
    return {str(key): value for key, value in dict(found or {}).items()}  # type: ignore[arg-type]

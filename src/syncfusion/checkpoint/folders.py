"""Checkpoints as folders: the weights of a net as safetensors, its architecture as yaml."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
import yaml
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from syncfusion.checkpoint.keys import State
from syncfusion.errors import InputError
from syncfusion.media import temporary_sibling
from syncfusion.plain_values import parse_yaml
from syncfusion.weights import UNPICKLING


def read_folder(folder: Path, name: str) -> tuple[State, dict]:
    """Read ``<name>.safetensors`` and ``<name>.yaml`` of a folder.

    Args:
        folder: as ``write_folder`` leaves it.
        name: of the net, such as "onset".

    Returns:
        The tensors, and the net's configuration.

    Raises:
        InputError: if one of the files is missing or broken.
    """
    weights, settings = folder / f"{name}.safetensors", folder / f"{name}.yaml"
    try:
        state, config = load_file(weights), parse_yaml(settings.read_text())
    except FileNotFoundError as error:
        missing = error.filename or weights
        raise InputError(f"there is no {missing}; check the checkpoint's path") from error
    except (OSError, SafetensorError, *UNPICKLING) as error:
        raise InputError(
            f"{weights} is no checkpoint that can be read, or {settings.name} beside it is broken; "
            "give a folder as it was written"
        ) from error
    if not isinstance(config, dict):
        raise InputError(
            f"{settings} holds no settings; use the yaml file that was written with the weights"
        )
    return state, config


def write_folder(
    net: nn.Module, config: dict, folder: Path, name: str, dtype: torch.dtype | None
) -> None:
    """Write both files of a net, or neither.

    Args:
        net: the net whose tensors are written.
        config: its configuration, of plain values.
        folder: where to; it is made if need be.
        name: of the net, such as "onset".
        dtype: type of all floats, None to keep theirs.
    """
    state = {  # copied: two names may share a tensor, which safetensors refuses
        key: tensor.clone(memory_format=torch.contiguous_format)
        for key, tensor in in_dtype(net.state_dict(), dtype).items()
    }
    with (  # both appear, or neither
        temporary_sibling(folder / f"{name}.safetensors") as weights,
        temporary_sibling(folder / f"{name}.yaml") as settings,
    ):
        save_file(state, weights)
        settings.write_text(yaml.safe_dump(_plain(config), sort_keys=False))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    return [_plain(entry) for entry in value] if isinstance(value, list | tuple) else value


def in_dtype(state: Mapping[str, Tensor], dtype: torch.dtype | None) -> State:
    """Return the tensors with all floats in one type, None to keep theirs."""
    return {
        key: tensor.to(dtype or tensor.dtype) if tensor.is_floating_point() else tensor
        for key, tensor in state.items()
    }

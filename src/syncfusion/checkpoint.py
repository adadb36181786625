"""Checkpoints: our own folders (safetensors + yaml), and Lightning files, published and ours.

Pickles are opened with ``weights_only=True`` only.
"""

import contextlib
import hashlib
import pickle
import struct
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import torch
import yaml
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import Tensor, nn

from syncfusion.checkpoint_keys import (
    PUBLISHED_ENCODER,
    PUBLISHED_UNET,
    our_encoder_key,
    renamed,
    unet_parts,
)
from syncfusion.diffusion.model import DiffusionConfig, DiffusionModel
from syncfusion.diffusion.onset_encoder import OnsetEncoderConfig
from syncfusion.diffusion.unet import UNetConfig
from syncfusion.errors import InputError
from syncfusion.media.atomic import temporary_sibling
from syncfusion.onset.net import OnsetNetConfig, VideoOnsetNet

State = dict[str, Tensor]
Net = TypeVar("Net", bound=nn.Module)
UNPICKLING = (pickle.UnpicklingError, struct.error, EOFError, RuntimeError)  # of broken files
UNPICKLING += (AttributeError, LookupError, TypeError, ValueError)
CONFIG_KEYS = {"onset": "onset_net", "diffusion": "model_config"}  # in our Lightning files


def load_onset(path: str | Path) -> VideoOnsetNet:
    """Load an onset net, in eval mode.

    Args:
        path: a folder of ours, a Lightning file of ours, or the published Lightning file.

    Returns:
        A net from frames (batch, 3, frame, height, width), ImageNet-normalised RGB, to logits
        (batch, frame).

    Raises:
        InputError: if the file cannot be read or holds another architecture.
    """
    state, config = _read(Path(path), "onset")
    with _architecture(path):
        net = VideoOnsetNet(OnsetNetConfig(**(config or {})))
    return _filled(net, _inner(state), path)


def load_diffusion(path: str | Path) -> DiffusionModel:
    """Load a diffusion model, in eval mode.

    Args:
        path: a folder of ours, a Lightning file of ours, or the published Lightning file, whose
            frozen ``clap.*`` tensors are ignored.

    Returns:
        The model; see ``diffusion.model`` for its calls.

    Raises:
        InputError: if the file cannot be read or holds another architecture.
    """
    state, config = _read(Path(path), "diffusion")
    with _architecture(path):
        model = DiffusionModel(_diffusion_config(config or {}))
    published = config is None
    state = diffusion_from_published(state, model.config.unet) if published else _inner(state)
    return _filled(model, state, path)


def save_onset(net: VideoOnsetNet, folder: str | Path, *, dtype: torch.dtype | None = None) -> None:
    """Write ``onset.safetensors`` and ``onset.yaml``; floats in ``dtype``, None to keep theirs."""
    _write(net, asdict(net.config), Path(folder), "onset", dtype)


def save_diffusion(
    model: DiffusionModel, folder: str | Path, *, dtype: torch.dtype | None = None
) -> None:
    """Write ``diffusion.safetensors`` and ``diffusion.yaml``, as ``save_onset`` does."""
    _write(model, asdict(model.config), Path(folder), "diffusion", dtype)


def diffusion_from_published(state: Mapping[str, Tensor], config: UNetConfig) -> State:
    """Rename the published file's tensors to ours.

    Args:
        state: the Lightning file's; the second and third copy of the net and CLAP are ignored.
        config: shape of the U-Net, which decides the names.

    Returns:
        The state of a ``DiffusionModel`` with the waveform front end.
    """
    ours = {published: part for part, published in unet_parts(config).items()}
    found: State = {}
    for key, tensor in state.items():
        if key.startswith(PUBLISHED_UNET):
            try:
                name = f"unet.{renamed(key.removeprefix(PUBLISHED_UNET), ours)}"
            except KeyError:  # another architecture, which whoever fills the model will say
                name = key
            found[name] = tensor
        elif key.startswith(PUBLISHED_ENCODER):
            name = our_encoder_key(key.removeprefix(PUBLISHED_ENCODER))
            found[f"onset_encoder.{name}"] = tensor
    return found


def file_hash(path: str | Path) -> str:
    """Return the sha256 of a file, in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextlib.contextmanager
def _architecture(path: str | Path) -> Iterator[None]:
    try:
        yield
    except (TypeError, ValueError) as error:
        raise InputError(
            f"the architecture that {path} describes cannot be built ({error}); "
            "use the yaml file that was written with the weights"
        ) from error


def _diffusion_config(config: Mapping[str, Any]) -> DiffusionConfig:
    parts = dict(config)
    for name, part in (("unet", UNetConfig), ("onset_encoder", OnsetEncoderConfig)):
        if name in parts:
            parts[name] = part(**parts[name])
    return DiffusionConfig(**parts)


def _read(path: Path, name: str) -> tuple[State, dict | None]:
    """Return the tensors of a checkpoint and its architecture, None for the published one."""
    try:
        if path.is_dir():
            weights = load_file(path / f"{name}.safetensors")
            return weights, _mapping(path / f"{name}.yaml")
        content = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        missing = error.filename or path / f"{name}.safetensors"
        raise InputError(f"there is no {missing}; check the checkpoint's path") from error
    except (OSError, SafetensorError, yaml.YAMLError, *UNPICKLING) as error:
        raise InputError(
            f"{path} is no checkpoint that can be read safely; "
            f"give a folder with {name}.safetensors or a Lightning .ckpt file"
        ) from error
    state = content.get("state_dict") if isinstance(content, dict) else None
    if not isinstance(state, dict) or not all(isinstance(t, Tensor) for t in state.values()):
        raise InputError(
            f"{path} is no Lightning checkpoint: it has no state_dict of tensors; "
            "give a file that Lightning has written"
        )
    return state, content.get(CONFIG_KEYS[name])


def _mapping(path: Path) -> dict:
    content = yaml.safe_load(path.read_text())
    if not isinstance(content, dict):
        raise InputError(
            f"{path} holds no settings; use the yaml file that was written with the weights"
        )
    return content


def _inner(state: State) -> State:
    """Strip the name that a LightningModule gives its model."""
    return {key.removeprefix("model."): tensor for key, tensor in state.items()}


def _filled(net: Net, state: State, path: str | Path) -> Net:
    wanted = net.state_dict()
    missing, extra = sorted(wanted.keys() - state.keys()), sorted(state.keys() - wanted.keys())
    resized = sorted(
        f"{key} {tuple(state[key].shape)} for {tuple(wanted[key].shape)}"
        for key in wanted.keys() & state.keys()
        if wanted[key].shape != state[key].shape
    )
    for kind, keys in (("lacks", missing), ("has no use for", extra), ("differs in", resized)):
        if keys:
            raise InputError(
                f"{path} holds another architecture: it {kind} {', '.join(keys[:3])}"
                f"{' and others' if len(keys) > 3 else ''} ({len(keys)} in all); "
                "give a checkpoint of this kind of model"
            )
    net.load_state_dict(state)
    return net.eval()


def _write(
    net: nn.Module, config: dict, folder: Path, name: str, dtype: torch.dtype | None
) -> None:
    state = {
        key: tensor.to(dtype or tensor.dtype).contiguous() if tensor.is_floating_point() else tensor
        for key, tensor in net.state_dict().items()
    }
    with temporary_sibling(folder / f"{name}.safetensors") as temporary:
        temporary.write_bytes(save(state))
    with temporary_sibling(folder / f"{name}.yaml") as temporary:
        temporary.write_text(yaml.safe_dump(_plain(config), sort_keys=False))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    return [_plain(entry) for entry in value] if isinstance(value, list | tuple) else value

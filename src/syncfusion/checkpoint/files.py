"""Checkpoints: our own folders (safetensors + yaml), and Lightning files, published and ours.

Pickles are opened with ``weights_only=True`` only.
"""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from syncfusion.checkpoint.architecture import built, check_settings, describing
from syncfusion.checkpoint.folders import read_folder, write_folder
from syncfusion.checkpoint.keys import (
    PUBLISHED_ENCODER,
    PUBLISHED_UNET,
    State,
    diffusion_from_published,
)
from syncfusion.checkpoint.states import read_state
from syncfusion.diffusion import DiffusionConfig, DiffusionModel, OnsetEncoderConfig, UNetConfig
from syncfusion.errors import InputError
from syncfusion.onset import (
    MOTION_NET_KEY,
    FrameMotionNet,
    MotionNetConfig,
    MotionOnsetNet,
    OnsetNetConfig,
    VideoOnsetNet,
)
from syncfusion.weights import UNPICKLING, read_pickle

CONFIG_KEYS = {"onset": "onset_net", "diffusion": "model_config"}  # in our Lightning files
INPUT = "input"  # key of an onset net's settings; a net of frames has none
MOTION = "motion"


def load_onset(path: str | Path) -> VideoOnsetNet | MotionOnsetNet:
    """Load an onset net, in eval mode.

    Args:
        path: a folder of ours, a Lightning file of ours, or the published Lightning file.

    Returns:
        A net from frames (batch, 3, frame, height, width), ImageNet-normalised RGB, to logits
        (batch, frame). One that reads motion computes it from frames, at 15 fps by
        default, but is meant for ``read_motion``, which sees every picture of a video.

    Raises:
        InputError: if the file cannot be read or holds another architecture.
    """
    state, config = _read(Path(path), "onset")
    file = _weights_file(Path(path), "onset")
    return built(lambda: _onset_net(config), _inner(state), path, file)


def _onset_net(config: Mapping[str, Any] | None) -> VideoOnsetNet | MotionOnsetNet:
    config = config or {}
    fields = {name: value for name, value in config.items() if name != INPUT}
    if config.get(INPUT) == MOTION:
        return FrameMotionNet(MotionNetConfig(**fields))
    return VideoOnsetNet(OnsetNetConfig(**config))


def reads_motion(path: str | Path) -> bool:
    """Return whether the onset net of a folder or file reads motion; False where there is none."""
    try:
        _, config = _read(Path(path), "onset")
    except InputError:  # load_onset reports it
        return False
    return (config or {}).get(INPUT) == MOTION


def load_diffusion(path: str | Path) -> DiffusionModel:
    """Load a diffusion model, in eval mode.

    Args:
        path: a folder of ours, a Lightning file of ours (a training of the reference, too), or the
            published Lightning file, whose frozen ``clap.*`` tensors are ignored.

    Returns:
        The model; see ``diffusion.model`` for its calls.

    Raises:
        InputError: if the file cannot be read or holds another architecture.
    """
    state, config = _read(Path(path), "diffusion")
    with describing(path):
        shape = _diffusion_config(config or {})
    if config is not None or not any(key.startswith(PUBLISHED_UNET) for key in state):
        state = _inner(state)
    if any(key.startswith((PUBLISHED_UNET, PUBLISHED_ENCODER)) for key in state):
        state = diffusion_from_published(state, shape.unet)
    file = _weights_file(Path(path), "diffusion")
    return built(lambda: DiffusionModel(shape), state, path, file)


def save_onset(
    net: VideoOnsetNet | MotionOnsetNet, folder: str | Path, *, dtype: torch.dtype | None = None
) -> None:
    """Write ``onset.safetensors`` and ``onset.yaml``; floats in ``dtype``, None to keep theirs."""
    kind = {INPUT: MOTION} if isinstance(net, MotionOnsetNet) else {}
    write_folder(net, kind | asdict(net.config), Path(folder), "onset", dtype)


def save_diffusion(
    model: DiffusionModel, folder: str | Path, *, dtype: torch.dtype | None = None
) -> None:
    """Write ``diffusion.safetensors`` and ``diffusion.yaml``, as ``save_onset`` does."""
    write_folder(model, asdict(model.config), Path(folder), "diffusion", dtype)


def _diffusion_config(config: Mapping[str, Any]) -> DiffusionConfig:
    parts = dict(config)
    for name, part in (("unet", UNetConfig), ("onset_encoder", OnsetEncoderConfig)):
        if name in parts:
            parts[name] = part(**parts[name])
    return DiffusionConfig(**parts)


def open_lightning(path: Path) -> dict:
    """Read a Lightning file, or another one of tensors and plain values.

    Args:
        path: the file.

    Returns:
        What it holds; tensors stay in the file, so copy them before it changes.

    Raises:
        InputError: if it is not there, cannot be read safely or holds something else.
    """
    try:
        content = read_pickle(path)
    except FileNotFoundError as error:
        raise InputError(f"there is no {path}; check the checkpoint's path") from error
    except (OSError, *UNPICKLING) as error:
        raise InputError(
            f"{path} is no checkpoint that can be read safely; "
            "give a folder of ours or a Lightning .ckpt file"
        ) from error
    if not isinstance(content, dict):
        raise InputError(f"{path} is no checkpoint; give a file that Lightning has written")
    return content


def _read(path: Path, name: str) -> tuple[State, dict | None]:
    """Return the tensors of a checkpoint and its architecture, None for the published one."""
    if path.is_dir():
        state, config = read_folder(path, name)
    else:
        content = open_lightning(path)
        state, config = read_state(content, path), content.get(CONFIG_KEYS[name])
        if name == "onset" and MOTION_NET_KEY in content:
            with describing(path):
                config = {INPUT: MOTION} | content[MOTION_NET_KEY]
    check_settings(config, path)
    return state, config


def _weights_file(path: Path, name: str) -> Path:
    return path / f"{name}.safetensors" if path.is_dir() else path


def _inner(state: State) -> State:
    """Strip the name that a LightningModule gives its model."""
    return {key.removeprefix("model."): tensor for key, tensor in state.items()}

"""Conversion of checkpoints between published Lightning files and folders of ours."""

from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal, get_args

import torch

from syncfusion.checkpoint.files import load_diffusion, load_onset, save_diffusion, save_onset
from syncfusion.checkpoint.folders import in_dtype
from syncfusion.checkpoint.keys import PUBLISHED_ONSET, State, diffusion_to_published
from syncfusion.checkpoint.kinds import Stored, find_models
from syncfusion.diffusion import DiffusionConfig, DiffusionModel
from syncfusion.errors import InputError
from syncfusion.media import temporary_sibling
from syncfusion.onset import MotionOnsetNet, OnsetNetConfig, VideoOnsetNet
from syncfusion.ownership import results

Kind = Literal["onset", "diffusion"]
Form = Literal["published", "ours"]
LIGHTNING = (".ckpt", ".pt", ".pth")  # names of single files
OF_MDCT = ("hop", "traces", "floor")  # settings without effect on a model of raw samples
Model = VideoOnsetNet | MotionOnsetNet | DiffusionModel


def convert(
    source: Path,
    target: Path,
    *,
    kind: Kind | None = None,
    to: Form | None = None,
    dtype: torch.dtype | None = None,
    overwrite: bool = False,
) -> None:
    """Write a model in the other form, or the same one in another precision.

    Args:
        source: a folder of ours, or a Lightning file, published or ours.
        target: the file of the published form, the folder of ours.
        kind: of the model; None to detect it.
        to: the form to write; None to choose by the target's name: published if it ends in
            ``.ckpt``, ``.pt`` or ``.pth``.
        dtype: of the floats; None for float32.
        overwrite: whether files that others made, or that were changed since, may be replaced.

    Raises:
        InputError: if the source cannot be read or holds several models, the target is the source
            or taken, or the published code cannot hold the model.
    """
    stored = _only(find_models(source, kind), source)
    published = to == "published" if to else target.suffix in LIGHTNING
    written = target if published else target / f"{stored.kind}.safetensors"
    if written.resolve() == stored.file.resolve():
        raise InputError(f"{written} is the source itself; choose another name for the result")
    names = [written] if published else [written, written.with_suffix(".yaml")]
    with results(names, overwrite=overwrite):
        model = load_onset(stored.path) if stored.kind == "onset" else load_diffusion(stored.path)
        if published:
            save_published(model, target, dtype=dtype)
        elif isinstance(model, VideoOnsetNet | MotionOnsetNet):
            save_onset(model, target, dtype=dtype)
        else:
            save_diffusion(model, target, dtype=dtype)


def _only(models: list[Stored], source: Path) -> Stored:
    found = [model for model in models if model.kind in get_args(Kind)]
    if not found:
        raise InputError(
            f"{source} holds no model that has another form; give an onset net or a diffusion model"
        )
    if len(found) > 1:
        raise InputError(f"{source} holds an onset net and a diffusion model; choose one by --kind")
    return found[0]


def save_published(model: Model, file: Path, *, dtype: torch.dtype | None = None) -> None:
    """Write a Lightning file that the published code loads.

    Its diffusion module also holds CLAP, frozen and unchanged: it is filled from CLAP's own file,
    so load this one with ``strict=False`` there, or into the parts ``model`` and
    ``onsets_encoder``.

    Args:
        model: of the published architecture.
        file: appears whole or not at all.
        dtype: of the floats; None to keep theirs.

    Raises:
        InputError: if the published code cannot hold the model.
    """
    check_publishable(model)
    content = {
        "state_dict": published_state(model, dtype),
        "epoch": 0,
        "global_step": 0,
        "pytorch-lightning_version": version("pytorch-lightning"),
    }
    with temporary_sibling(file) as temporary:
        torch.save(content, temporary)


def published_state(model: Model, dtype: torch.dtype | None = None) -> State:
    """Return a model's tensors under the names of the published file, also for other sizes."""
    state = in_dtype(model.state_dict(), dtype)
    if isinstance(model, DiffusionModel):
        return diffusion_to_published(state, model.config.unet)
    return {PUBLISHED_ONSET + key: tensor for key, tensor in state.items()}


def check_publishable(model: Model) -> None:
    """Fail, naming what differs, unless a model has the published architecture."""
    if isinstance(model, MotionOnsetNet):
        raise InputError(
            "the published code cannot hold this model: it reads motion; convert it to a folder of "
            "ours"
        )
    published = OnsetNetConfig() if isinstance(model, VideoOnsetNet) else DiffusionConfig()
    own, theirs = _flat(asdict(model.config)), _flat(asdict(published))
    differing = [f"{name} {value}" for name, value in own.items() if value != theirs[name]]
    if differing:
        raise InputError(
            f"the published code cannot hold this model: it has {', '.join(differing[:3])}"
            f"{' and others' if len(differing) > 3 else ''}; convert it to a folder of ours"
        )


def _flat(config: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that determine tensors; those of a nested config as ``part.field``."""
    found = {}
    for name, value in config.items():
        if isinstance(value, dict):
            found |= {f"{name}.{field}": inner for field, inner in _flat(value).items()}
        elif name not in (*OF_MDCT, "clip_samples"):
            found[name] = value
    return found

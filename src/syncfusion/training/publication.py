"""Trained models put into the folder of a preset."""

import shutil
from pathlib import Path

import torch

from syncfusion.checkpoint import load_diffusion, load_onset, save_diffusion, save_onset
from syncfusion.errors import InputError
from syncfusion.media import temporary_sibling
from syncfusion.onset import KEPT, STRENGTH

FILES = ("onset.safetensors", "onset.yaml", "prompt.safetensors", "prompt.json", "preset.yaml")


def publish_preset(
    output: Path,
    *,
    onset: Path | None = None,
    diffusion: Path | None = None,
    rest: Path | None = None,
) -> None:
    """Write models in half precision into a preset's folder.

    Args:
        output: folder of the preset.
        onset: checkpoint of the onset detector; None leaves that of the folder.
        diffusion: checkpoint of the diffusion model, likewise.
        rest: preset from which files are copied that the folder still lacks.

    Raises:
        InputError: if a checkpoint cannot be read, or ``rest`` lacks a file.
    """
    if onset is not None:
        save_onset(load_onset(onset), output, dtype=torch.float16)
    if diffusion is not None:
        save_diffusion(load_diffusion(diffusion), output, dtype=torch.float16)
    if rest is None:
        return
    optional = [name for name in (STRENGTH, KEPT) if (rest / name).is_file()]
    for name in (*FILES, *optional):
        if not (output / name).is_file():
            _copy(rest / name, output / name)


def _copy(source: Path, target: Path) -> None:
    if not source.is_file():
        raise InputError(f"there is no {source}; give the folder of a whole preset by --rest")
    with temporary_sibling(target) as temporary:
        shutil.copyfile(source, temporary)

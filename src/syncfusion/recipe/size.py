"""Sizes of a training of the compact models: ``exp/recipe/<size>.yaml``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from syncfusion.errors import InputError
from syncfusion.places import EXP
from syncfusion.plain_values import parse_yaml

FOLDER = EXP / "recipe"
AUTO, LAPTOP, GPU, REHEARSAL = "auto", "laptop", "gpu", "rehearsal"
SIZES = (AUTO, LAPTOP, GPU, REHEARSAL)


@dataclass(frozen=True, kw_only=True)
class Size:
    """The numbers of one size.

    Args:
        scenes: synthetic scenes.
        scene_seconds: length of each.
        prompt: options of ``training.train_prompt``.
        onset: changes of ``cfg/onset-compact.yaml``.
        rounds: steps of each training of the diffusion model, each starting from the one before.
        own_rounds: the same where a trained model is trained further on own sounds.
        diffusion: changes of ``exp/train_compact.yaml``; those of ``model`` are for a new one.
    """

    scenes: int
    scene_seconds: float
    prompt: Mapping[str, int]
    onset: Mapping[str, Any]
    rounds: Sequence[int]
    own_rounds: Sequence[int]
    diffusion: Mapping[str, Any]


def choose_size(name: str) -> str:
    """Return the size that "auto" stands for: "gpu" where there is a CUDA device."""
    if name != AUTO:
        return name
    return GPU if torch.cuda.is_available() else LAPTOP


def read_size(name: str) -> Size:
    """Read the numbers of a size.

    Args:
        name: of a file in ``exp/recipe``.

    Returns:
        The size.

    Raises:
        InputError: if there is no such file, or it holds other keys.
    """
    path = FOLDER / f"{name}.yaml"
    try:
        return Size(**parse_yaml(path.read_text()))
    except (OSError, TypeError, ValueError) as error:
        raise InputError(
            f"{path} is no size of the recipe ({error}); see those beside it"
        ) from error

"""What features are made of: values over frames, and how they are compressed and augmented."""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

N_STRONGEST = (1, 4, 16)  # cells, of 336


class Quantity(NamedTuple):
    """Features of one kind.

    Args:
        values: one row per frame.
        compression: factor before the logarithm; 0 for none.
        is_mirrored: whether they change sign in a mirrored picture.
        is_difference: whether they measure grey differences instead of flow.
    """

    values: Float[Tensor, "frame feature"]
    compression: float
    is_mirrored: bool = False
    is_difference: bool = False


def strongest(values: Float[Tensor, "frame row column"]) -> Float[Tensor, "frame 3"]:
    """Return the means of the 1, 4 and 16 largest values of each frame."""
    largest = values.flatten(1).topk(max(N_STRONGEST), dim=1).values
    return torch.stack([largest[:, :count].mean(1) for count in N_STRONGEST], 1)


def lagged(values: Float[Tensor, "frame ..."], frames: int) -> Float[Tensor, "frame ..."]:
    """Return the values of some frames ago (of later ones, if negative); the ends are repeated."""
    n_frames = len(values)
    places = (torch.arange(n_frames, device=values.device) - frames).clamp(0, n_frames - 1)
    return values[places]

"""One batch of training examples for the onset net."""

from typing import NamedTuple

from jaxtyping import Float, UInt8
from torch import Tensor
from torch.utils.data import default_collate


class OnsetBatch(NamedTuple):
    """Training examples and their targets."""

    frames: UInt8[Tensor, "batch frame height width 3"]
    labels: Float[Tensor, "batch frame"]


def collate(examples: list[tuple[Tensor, Tensor]]) -> OnsetBatch:
    """Stack examples of frames and labels, in memory that worker processes share."""
    return OnsetBatch(*default_collate(examples))

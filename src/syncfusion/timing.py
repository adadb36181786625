"""Seconds, frames and samples; the only module that rounds between them."""

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


def sample_index(seconds: float, sample_rate: int) -> int:
    """Return the sample nearest to a time."""
    return round(seconds * sample_rate)


def frame_index(seconds: float, fps: float) -> int:
    """Return the frame on screen at a time.

    A time within a thousandth of a frame before a boundary belongs to the later frame, because
    annotations are frame times printed with four decimals: 0.1333 s is frame 2 at 15 fps.
    """
    return math.floor(seconds * fps + 1e-3)


def frame_count(duration: float, fps: float) -> int:
    """Return how many frames start within ``duration`` seconds, at least 1.

    A thousandth of a frame is tolerated, as in ``frame_index``.
    """
    return max(1, math.ceil(duration * fps - 1e-3))


def frame_time(frame: float, fps: float) -> float:
    """Return the time, in seconds, at which a frame is shown."""
    return frame / fps


def seeded(seed: int) -> "torch.Generator":
    """Return a CPU generator with this seed."""
    import torch

    return torch.Generator().manual_seed(seed)

"""Takes laid over each other at their samples, with exact arithmetic.

Samples are whole numbers of 24 bits, and an event's samples are rounded before they are added.
Sums of whole numbers are exact: the order of events does not matter, removing one subtracts its own
samples, and stems add up to the mix.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import torch
from jaxtyping import Int64
from torch import Tensor

from syncfusion.rendering.events.takes import FULL_SCALE, LONGEST_ATTACK, Take
from syncfusion.rendering.render import FADE_IN, FADE_OUT
from syncfusion.rendering.windows import Block

BLOCK = 2**18  # samples of a block
Grid = Int64[Tensor, " _"]  # samples in units of 1 / FULL_SCALE; blocks differ in length


class Placed(NamedTuple):
    """A take on the timeline: the sample of its event at 48 kHz, and its gain (linear)."""

    take: Take
    sample: int
    gain: float


class _Part(NamedTuple):
    start: int
    samples: Grid


def lay(placed: Iterable[Placed], n_samples: int, gain: float = 1.0) -> Iterator[Grid]:
    """Lay takes over each other; memory does not grow with the length.

    Args:
        placed: takes in ascending order of their samples; consumed as they are needed.
        n_samples: length of the whole.
        gain: of the whole, linear.

    Yields:
        Consecutive blocks of ``BLOCK`` samples, the last one shorter; the first 1 ms and the last
        10 ms of the whole are faded.
    """
    coming, waiting = iter(placed), []
    following = next(coming, None)
    for begin in range(0, n_samples, BLOCK):
        end = min(begin + BLOCK, n_samples)
        while following is not None and following.sample - LONGEST_ATTACK < end:
            waiting.append(_part(following, n_samples, gain))
            following = next(coming, None)
        block = torch.zeros(end - begin, dtype=torch.int64)
        for start, samples in waiting:
            first, last = max(start, begin), min(start + len(samples), end)
            if first < last:
                block[first - begin : last - begin] += samples[first - start : last - start]
        waiting = [part for part in waiting if part.start + len(part.samples) > end]
        yield block


def _part(placed: Placed, n_samples: int, gain: float) -> _Part:
    """Return the samples that an event adds, from its first one on."""
    take, start = placed.take, placed.sample - placed.take.attack
    samples = take.samples[0].double().mul_(FULL_SCALE * placed.gain * gain)
    if start < FADE_IN or start + len(samples) > n_samples - FADE_OUT:
        index = torch.arange(start, start + len(samples))
        rise, fall = index / FADE_IN, (n_samples - 1 - index) / FADE_OUT
        samples = samples * torch.minimum(rise, fall).clamp(0, 1)
    return _Part(start, samples.round_().to(torch.int64))


def full_scale(block: Grid) -> Block:
    """Return a block as samples of -1 to 1, without rounding within full scale."""
    return block.float()[None] / FULL_SCALE  # float32 holds whole numbers of 24 bits


def peak_of(blocks: Iterable[Grid]) -> float:
    """Return the highest absolute sample of all blocks, 1 is full scale."""
    return max((int(block.abs().max()) for block in blocks), default=0) / FULL_SCALE

"""A timeline of any length as overlapping windows: their positions, noise, and crossfades.

Noise belongs to the timeline, not to the window. Where two windows overlap, both start from the
same noise and the same onsets, and so give nearly the same sound.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from syncfusion.constants import SAMPLE_RATE
from syncfusion.timing import sample_index, seeded
from syncfusion.track import OnsetTrack

NOISE_BLOCK = 2**14  # samples of noise drawn from one seed; windows start on multiples
OVERLAP = 3 * NOISE_BLOCK  # 1.02 s that two windows share
FADE = 960  # samples (20 ms) of the crossfade between windows
LEAD = 240  # samples (5 ms) by which sound may precede its onset

Block = Float[Tensor, "1 _"]  # blocks of one sound differ in length


@dataclass(frozen=True)
class Window:
    """A part of the timeline, in samples, that is rendered at once."""

    start: int
    length: int

    @property
    def end(self) -> int:
        """First sample after the window."""
        return self.start + self.length


def windows(n_samples: int, clip: int, factor: int) -> list[Window]:
    """Cover a timeline by windows of ``clip`` samples that overlap by ``OVERLAP``.

    Args:
        n_samples: length of the timeline.
        clip: length of a window.
        factor: all lengths are multiples of it; the last window is shorter where less is left.

    Returns:
        At least one window, in order.

    Raises:
        ValueError: if windows of this length do not advance by whole blocks of noise.
    """
    if clip <= OVERLAP or clip % NOISE_BLOCK or clip % factor:
        raise ValueError(
            f"a model of {clip} samples cannot render in windows; its clip must be longer than "
            f"{OVERLAP} samples, and a multiple of {NOISE_BLOCK} and of {factor}"
        )
    found, start = [], 0
    while True:
        left = -(-max(n_samples - start, 1) // factor) * factor
        found.append(Window(start, min(clip, left)))
        if found[-1].end >= n_samples:
            return found
        start += clip - OVERLAP


def timeline_noise(seed: int, window: Window) -> Float[Tensor, "1 1 time"]:
    """Return the noise of a window that starts on a multiple of ``NOISE_BLOCK``."""
    first, last = window.start // NOISE_BLOCK, -(-window.end // NOISE_BLOCK)
    blocks = [
        torch.randn(NOISE_BLOCK, generator=seeded((seed << 24) + block))
        for block in range(first, last)
    ]
    return torch.cat(blocks)[None, None, : window.length]


def joint(track: OnsetTrack, before: Window, after: Window) -> int:
    """Return the sample at which the crossfade between two windows starts.

    The crossfade ends just before the last onset in the second half of the overlap, where it is
    least audible; without such an onset it is as late as the overlap allows.
    """
    last = before.end - FADE
    middle = (after.start + before.end) // 2
    onsets = [sample_index(time, SAMPLE_RATE) - LEAD - FADE for time in track.times]
    return max((onset for onset in onsets if middle <= onset <= last), default=last)


def joined(
    sounds: Iterable[Block], plan: Sequence[Window], track: OnsetTrack, n_samples: int
) -> Iterator[Block]:
    """Crossfade rendered windows.

    Args:
        sounds: one per window, in order; consumed one at a time.
        plan: the windows.
        track: the onsets, which decide where to fade.
        n_samples: length of the whole sound.

    Yields:
        Consecutive blocks of it.
    """
    carried, position = torch.zeros(1, 0), 0
    for index, (window, drawn) in enumerate(zip(plan, sounds, strict=True)):
        sound = _crossfaded(carried, drawn[:, position - window.start :])
        last = index == len(plan) - 1
        end = n_samples if last else joint(track, window, plan[index + 1])
        yield sound[:, : end - position]
        carried, position = sound[:, end - position :][:, :FADE], end


def _crossfaded(before: Block, after: Block) -> Block:
    ramp = torch.linspace(0, 1, before.shape[1]) if before.shape[1] else torch.zeros(0)
    mixed = before * (1 - ramp) + after[:, : before.shape[1]] * ramp
    return torch.cat([mixed, after[:, before.shape[1] :]], dim=1)

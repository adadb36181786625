"""Sampling of training examples: chunks on a grid, as published, or random windows.

An epoch is a list of segments, drawn in the training process from the epoch's seed. A segment
determines its example, whichever worker reads it.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch

from syncfusion.errors import InputError
from syncfusion.onset.data.clips import Clip
from syncfusion.timing import frame_index


class Segment(NamedTuple):
    """A segment of one clip, read as one example.

    Attributes:
        clip: index of the clip.
        start: first frame.
        speed: frames of the clip per frame of the example; above 1 skips frames, below 1 repeats
            some.
        seed: of all other randomness, such as the transforms.
    """

    clip: int
    start: int
    speed: float
    seed: int


@dataclass(frozen=True, kw_only=True)
class Chunks:
    """Every clip cut on a regular grid; each chunk once an epoch, in random order (paper §3.1).

    A rest at a clip's end that is shorter than a chunk is not used.

    Args:
        seconds: length of a chunk.
        hop_seconds: from one chunk's start to the next; None for ``seconds``, less for overlap.
        jitter_seconds: a chunk's start is moved by up to this much, drawn anew every epoch.

    Raises:
        InputError: if a value is out of its range.
    """

    seconds: float = 2.0
    hop_seconds: float | None = None
    jitter_seconds: float = 0.0

    def __post_init__(self) -> None:
        if self.seconds <= 0 or self.hop <= 0 or self.jitter_seconds < 0:
            raise InputError(
                f"chunks of {self.seconds:g} s every {self.hop:g} s, moved by up to "
                f"{self.jitter_seconds:g} s, cannot be cut; give lengths above 0 and a jitter "
                "of 0 or more"
            )

    @property
    def hop(self) -> float:
        """Seconds from one chunk to the next."""
        return self.seconds if self.hop_seconds is None else self.hop_seconds

    def n_frames(self, fps: float) -> int:
        """Return the length of an example in frames."""
        return max(frame_index(self.seconds, fps), 1)

    def epoch(
        self,
        clips: Sequence[Clip],
        weights: Sequence[float],
        generator: torch.Generator,
        count: int | None = None,
    ) -> list[Segment]:
        """Draw one epoch.

        Args:
            clips: clips to cut.
            weights: ignored, as every chunk comes once.
            generator: random generator.
            count: maximum number of chunks; None for all.

        Returns:
            The chunks in random order.

        Raises:
            InputError: naming a clip that is shorter than a chunk.
        """
        grid = [(n, start) for n, clip in enumerate(clips) for start in self._starts(clip)]
        moves = 2 * torch.rand(len(grid), generator=generator, dtype=torch.float64) - 1
        seeds = _seeds(len(grid), generator)
        segments = []
        for index in torch.randperm(len(grid), generator=generator)[:count].tolist():
            number, start = grid[index]
            clip = clips[number]
            moved = start + round(moves[index].item() * self.jitter_seconds * clip.fps)
            last = len(clip) - self.n_frames(clip.fps)
            segments.append(Segment(number, min(max(moved, 0), last), 1.0, seeds[index]))
        return segments

    def _starts(self, clip: Clip) -> Iterator[int]:
        if len(clip) < self.n_frames(clip.fps):
            raise InputError(
                f"{clip.folder} lasts {len(clip) / clip.fps:.2f} s, a chunk {self.seconds:g} s; "
                "remove the video from the split or make data.chunks.seconds shorter"
            )
        if self.hop * clip.fps < 1:
            raise InputError(
                f"chunks {self.hop:g} s apart start in the same frame; increase "
                "data.chunks.hop_seconds"
            )
        number, start = 0, 0
        while start + self.n_frames(clip.fps) <= len(clip):
            yield start
            number += 1
            start = frame_index(number * self.hop, clip.fps)


@dataclass(frozen=True, kw_only=True)
class Windows:
    """Windows at random positions, at a randomly changed speed.

    Args:
        frames: length of a window; the last frame of a shorter clip is repeated.
        speed: maximum change of speed as a fraction, 0 to below 1.

    Raises:
        InputError: if a value is out of its range.
    """

    frames: int = 48
    speed: float = 0.15

    def __post_init__(self) -> None:
        if self.frames < 1 or not 0 <= self.speed < 1:
            raise InputError(
                f"windows of {self.frames} frames, speed changed by up to {self.speed:g}, cannot "
                "be cut; give 1 frame or more and a speed from 0 to 1"
            )

    def n_frames(self, fps: float) -> int:
        """Return the length of an example in frames."""
        return self.frames

    def epoch(
        self,
        clips: Sequence[Clip],
        weights: Sequence[float],
        generator: torch.Generator,
        count: int | None = None,
    ) -> list[Segment]:
        """Draw one epoch.

        Args:
            clips: clips to draw from.
            weights: sampling weight of each clip.
            generator: random generator.
            count: number of windows; None for as many as cover the length of all clips.

        Returns:
            Segments in random order.
        """
        lengths = np.array([len(clip) for clip in clips])
        count = count or math.ceil(lengths.sum() / self.frames)
        probabilities = torch.tensor(weights, dtype=torch.float64)
        numbers = torch.multinomial(probabilities, count, replacement=True, generator=generator)
        uniform = torch.rand(2, count, generator=generator, dtype=torch.float64).numpy()
        speeds = 1 + self.speed * (2 * uniform[0] - 1)
        places = np.maximum(lengths[numbers.numpy()] - speeds * (self.frames - 1), 1).astype(int)
        starts = uniform[1] * places
        columns = (numbers.tolist(), starts.astype(int).tolist(), speeds.tolist())
        return list(map(Segment, *columns, _seeds(count, generator)))


def _seeds(count: int, generator: torch.Generator) -> list[int]:
    return torch.randint(2**62, (count,), generator=generator).tolist()

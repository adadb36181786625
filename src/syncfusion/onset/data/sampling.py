"""Which frames a training example is made of: chunks on a grid, as published, or random windows.

Either way an epoch is a list of stretches, drawn in the training process from the epoch's seed; so
an example depends on nothing else, whichever worker reads it.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch.utils.data import Sampler

from syncfusion.errors import InputError
from syncfusion.onset.data.clips import Clip
from syncfusion.timing import frame_index, seeded


class Stretch(NamedTuple):
    """A piece of one clip, to be read as an example.

    ``speed`` above 1 skips frames, below 1 repeats some; ``seed`` is of everything else random.
    """

    clip: int
    start: int
    speed: float
    seed: int


@dataclass(frozen=True, kw_only=True)
class Chunks:
    """Every clip cut on a grid, every piece once an epoch, in random order (paper §3.1).

    What is left over at a clip's end, shorter than a chunk, is not used.

    Args:
        seconds: length of a chunk.
        hop_seconds: from one chunk to the next; None for ``seconds``, less for chunks that overlap.
        jitter_seconds: a chunk starts up to this much earlier or later, anew at every visit.

    Raises:
        InputError: if a number is out of its range.
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
        shares: Sequence[float],
        generator: torch.Generator,
        count: int | None = None,
    ) -> list[Stretch]:
        """Draw one epoch.

        Args:
            clips: what it is cut from.
            shares: not looked at: every chunk is visited once.
            generator: source of chance.
            count: how many chunks at most; None for all.

        Returns:
            Every chunk once.

        Raises:
            InputError: naming a clip that is shorter than a chunk, which no epoch would show.
        """
        grid = [(n, start) for n, clip in enumerate(clips) for start in self._starts(clip)]
        moves = 2 * torch.rand(len(grid), generator=generator, dtype=torch.float64) - 1
        seeds = _seeds(len(grid), generator)
        stretches = []
        for index in torch.randperm(len(grid), generator=generator)[:count].tolist():
            number, start = grid[index]
            clip = clips[number]
            moved = start + round(moves[index].item() * self.jitter_seconds * clip.fps)
            last = len(clip) - self.n_frames(clip.fps)
            stretches.append(Stretch(number, min(max(moved, 0), last), 1.0, seeds[index]))
        return stretches

    def _starts(self, clip: Clip) -> Iterator[int]:
        if len(clip) < self.n_frames(clip.fps):
            raise InputError(
                f"{clip.folder} lasts {len(clip) / clip.fps:.2f} s, a chunk {self.seconds:g} s; "
                "take the video out of the split or make data.chunks.seconds shorter"
            )
        if self.hop * clip.fps < 1:
            raise InputError(
                f"chunks {self.hop:g} s apart start in the same frame; make "
                "data.chunks.hop_seconds longer"
            )
        number, start = 0, 0
        while start + self.n_frames(clip.fps) <= len(clip):
            yield start
            number += 1
            start = frame_index(number * self.hop, clip.fps)


@dataclass(frozen=True, kw_only=True)
class Windows:
    """Pieces from anywhere, played a little faster or slower.

    Args:
        frames: length of a window; a shorter clip is held at its last frame.
        speed: playback is up to this fraction faster or slower.

    Raises:
        InputError: if a number is out of its range.
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
        shares: Sequence[float],
        generator: torch.Generator,
        count: int | None = None,
    ) -> list[Stretch]:
        """Draw one epoch.

        Args:
            clips: what it is cut from.
            shares: how often each clip is drawn, relative to the others.
            generator: source of chance.
            count: how many windows; None for as many as would cover all clips.

        Returns:
            Stretches in random order.
        """
        lengths = np.array([len(clip) for clip in clips])
        count = count or math.ceil(lengths.sum() / self.frames)
        weights = torch.tensor(shares, dtype=torch.float64)
        numbers = torch.multinomial(weights, count, replacement=True, generator=generator).numpy()
        uniform = torch.rand(2, count, generator=generator, dtype=torch.float64).numpy()
        speeds = 1 + self.speed * (2 * uniform[0] - 1)
        places = np.maximum(lengths[numbers] - speeds * (self.frames - 1), 1).astype(int)
        starts = uniform[1] * places
        columns = (numbers.tolist(), starts.astype(int).tolist(), speeds.tolist())
        return list(map(Stretch, *columns, _seeds(count, generator)))


class Visits(Sampler[Stretch]):
    """The stretches of each epoch: new ones every epoch, the same on every run.

    Args:
        draw: returns the stretches of one epoch, always as many.
        seed: of all chance.

    Raises:
        InputError: if the clips cannot be cut that way.
    """

    def __init__(self, draw: Callable[[torch.Generator], list[Stretch]], seed: int) -> None:
        self.draw = draw
        self.seed = seed
        self.epoch = 0
        self.n_visits = len(self._drawn())

    def _drawn(self) -> list[Stretch]:
        state = np.random.SeedSequence((self.seed, self.epoch)).generate_state(1, np.uint64)
        return self.draw(seeded(int(state[0])))

    def set_epoch(self, epoch: int) -> None:
        """Move on to the stretches of an epoch; Lightning calls it."""
        self.epoch = epoch

    def __len__(self) -> int:
        return self.n_visits

    def __iter__(self) -> Iterator[Stretch]:
        yield from self._drawn()


def _seeds(count: int, generator: torch.Generator) -> list[int]:
    return torch.randint(2**62, (count,), generator=generator).tolist()

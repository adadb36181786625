"""Rendering several sounds at once, with the same result whichever are rendered together.

Floating-point results depend on the batch size, so the batch size is fixed per device and window
length; short batches are padded with copies of their last window.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import torch
from jaxtyping import Float
from torch import Tensor

from syncfusion.diffusion import DiffusionModel, PromptEmbedding
from syncfusion.rendering.render import (
    RenderSettings,
    draw,
    gated,
    onsets_in,
    with_edge_fades,
)
from syncfusion.rendering.windows import Block, Window, joined, timeline_noise, windows
from syncfusion.track import OnsetTrack

WINDOWS_PER_CALL = {"cuda": 8}  # batch size of full windows, by device; shorter ones go alone
OTHERWISE = 2  # on a CPU larger batches are no faster

Element = TypeVar("Element")


def in_batches(items: Sequence[Element], size: int) -> Iterator[Sequence[Element]]:
    """Yield ``size`` items at a time; the last batch may be smaller."""
    for first in range(0, len(items), size):
        yield items[first : first + size]


@dataclass(frozen=True)
class RenderJob:
    """A sound to render.

    Args:
        track: its onsets.
        prompt: its embedding, on the model's device.
        n_samples: its length at 48 kHz.
        seed: of its noise.
    """

    track: OnsetTrack
    prompt: PromptEmbedding
    n_samples: int
    seed: int


@dataclass(frozen=True)
class Piece:
    """A window of a job, and the onsets in it, in seconds from its beginning."""

    job: RenderJob
    window: Window
    onsets: OnsetTrack


def render_jobs(
    model: DiffusionModel, jobs: Sequence[RenderJob], settings: RenderSettings
) -> list[Block]:
    """Render several sounds, in batches of windows.

    Args:
        model: the diffusion model.
        jobs: the sounds; their seeds replace the settings'.
        settings: how to sample.

    Returns:
        One sound per job, on the CPU, equal to ``render_blocks``'s up to rounding.
    """
    plans = [
        [
            Piece(job, window, onsets_in(job.track, window))
            for window in windows(job.n_samples, model.config.clip_samples, model.factor)
        ]
        for job in jobs
    ]
    drawn: dict[int, Float[Tensor, "1 time"]] = {}
    for call, width in _calls([piece for plan in plans for piece in plan], model):
        filled = [*call, *[call[-1]] * (width - len(call))]
        sounds = draw(
            model,
            [piece.onsets for piece in filled],
            torch.cat([piece.job.prompt for piece in filled]),
            torch.cat([timeline_noise(piece.job.seed, piece.window) for piece in filled]),
            settings,
        )
        drawn |= {id(piece): sound for piece, sound in zip(call, sounds, strict=False)}
    return [_assembled(job, plan, drawn, settings) for job, plan in zip(jobs, plans, strict=True)]


def _calls(pieces: Sequence[Piece], model: DiffusionModel) -> Iterator[tuple[Sequence[Piece], int]]:
    """Yield the windows of each batch, and the batch size they are padded to."""
    by_length: dict[int, list[Piece]] = defaultdict(list)
    for piece in pieces:
        if len(piece.onsets):
            by_length[piece.window.length].append(piece)
    for length, group in by_length.items():
        device = group[0].job.prompt.device.type
        full = length == model.config.clip_samples
        width = WINDOWS_PER_CALL.get(device, OTHERWISE) if full else 1
        for call in in_batches(group, width):
            yield call, width


def _assembled(
    job: RenderJob, plan: Sequence[Piece], drawn: dict[int, Block], settings: RenderSettings
) -> Block:
    sounds = (
        gated(drawn[id(piece)], piece.onsets, settings)
        if len(piece.onsets)
        else torch.zeros(1, piece.window.length)
        for piece in plan
    )
    covered = [piece.window for piece in plan]
    blocks = joined(sounds, covered, job.track, job.n_samples)
    return torch.cat(list(with_edge_fades(blocks, job.n_samples)), dim=1)

"""Rendering a track of any length, window after window, in memory that does not grow with it."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
from jaxtyping import Float
from torch import Tensor

from syncfusion.constants import SAMPLE_RATE
from syncfusion.device import fast_arithmetic
from syncfusion.diffusion import SOLVERS, DiffusionModel, PromptEmbedding, StepProgress
from syncfusion.errors import InputError
from syncfusion.media import decay_end
from syncfusion.rendering.windows import FADE, LEAD, Block, Window, joined, timeline_noise, windows
from syncfusion.timing import sample_index
from syncfusion.track import OnsetTrack

QUIET_BLOCKS = 3  # blocks of 10 ms that have to be quiet for a hit to be over
TAIL_SECONDS = 4.0  # longest sound of an onset; after that, silence
FADE_IN = sample_index(0.001, SAMPLE_RATE)  # of the whole sound; an onset may be at its very start
FADE_OUT = sample_index(0.01, SAMPLE_RATE)
MAX_SEED = 2**32 - 1  # leaves room for the number of a block beside it in 64 bits


@dataclass(frozen=True, kw_only=True)
class RenderSettings:
    """How sound is drawn from the model.

    Args:
        steps: noise levels walked through, 1 or more.
        guidance: scale of classifier-free guidance, finite.
        solver: a name in ``diffusion.solvers.SOLVERS``.
        seed: where the noise starts, 0 to ``MAX_SEED``; the same seed gives the same sound.
        final_noise_level: noise level, 0 to 1, whose clean estimate is the result; 0 as published.
        ring_out: a hit is silenced once its level has fallen to this part of its loudest 10 ms.

    Raises:
        InputError: if one of them is none of these.
    """

    steps: int
    guidance: float
    solver: str
    seed: int = 0
    final_noise_level: float = 0.0
    ring_out: float = 0.0

    def __post_init__(self) -> None:
        if self.steps < 1:
            raise InputError(f"sampling takes 1 step or more, not {self.steps}")
        if not math.isfinite(self.guidance):
            raise InputError(f"the guidance {self.guidance} is no finite number; give one, like 2")
        if self.solver not in SOLVERS:
            raise InputError(f"there is no solver {self.solver!r}; use {' or '.join(SOLVERS)}")
        if not 0 <= self.seed <= MAX_SEED:
            raise InputError(f"the seed {self.seed} is out of range; give 0 to {MAX_SEED}")
        for name in ("final_noise_level", "ring_out"):
            if not 0 <= getattr(self, name) < 1:
                raise InputError(f"{name} is {getattr(self, name)}; give 0 or more, less than 1")


def sounding(track: OnsetTrack, n_samples: int) -> Block:
    """Return 1 where an onset may be heard and 0 elsewhere, with short ramps between."""
    active = torch.zeros(n_samples + 2 * LEAD)
    for time in track.times:
        start = sample_index(time, SAMPLE_RATE)
        active[start : start + sample_index(TAIL_SECONDS, SAMPLE_RATE)] = 1
    return torch.nn.functional.avg_pool1d(active[None], LEAD, 1)[:, :n_samples]


def render_window(
    model: DiffusionModel,
    track: OnsetTrack,
    prompt: PromptEmbedding,
    window: Window,
    settings: RenderSettings,
    progress: StepProgress | None = None,
) -> Block:
    """Render one stretch of a track; silence without asking the model where no onset lies.

    A tail is thus heard to the end of the last window that holds its onset, 1 s or more.
    """
    heard = heard_in(track, window)
    if not len(heard):
        if progress is not None:
            progress(settings.steps, settings.steps)
        return torch.zeros(1, window.length)
    noise = timeline_noise(settings.seed, window)
    return finished(draw(model, [heard], prompt, noise, settings, progress)[0], heard, settings)


def heard_in(track: OnsetTrack, window: Window) -> OnsetTrack:
    """Return the onsets of a window, in seconds from its beginning."""
    return track.between(window.start / SAMPLE_RATE, window.end / SAMPLE_RATE)


@torch.no_grad()
def draw(
    model: DiffusionModel,
    tracks: Sequence[OnsetTrack],
    prompts: Float[Tensor, "batch 1 prompt_feature"],
    noise: Float[Tensor, "batch 1 time"],
    settings: RenderSettings,
    progress: StepProgress | None = None,
) -> Float[Tensor, "batch 1 time"]:
    """Draw stretches of equal length from the model, in one call.

    Args:
        model: the diffusion model, on the prompts' device.
        tracks: the onsets of each, in seconds from its beginning.
        prompts: of each.
        noise: of each; where ``settings`` say so by a seed, that is not looked at.
        settings: how to sample.
        progress: called with (steps done, steps in all).

    Returns:
        What the model says, on the CPU; ``finished`` makes the sound of it.
    """
    device, length = prompts.device, noise.shape[2]
    impulses = torch.stack([track.impulses(SAMPLE_RATE, length) for track in tracks]).to(device)
    with fast_arithmetic(device):
        sound = model.sample(
            noise.to(device),
            features=model.encode_onsets(impulses),
            embedding=prompts,
            steps=settings.steps,
            guidance=settings.guidance,
            solver=settings.solver,
            final_noise_level=settings.final_noise_level,
            progress=progress,
        )
    return sound.float().cpu()


def finished(sound: Block, heard: OnsetTrack, settings: RenderSettings) -> Block:
    """Silence what no onset of a stretch can be heard in."""
    return rung_out(sound * sounding(heard, sound.shape[1]), heard, settings.ring_out)


def rung_out(sound: Block, track: OnsetTrack, ratio: float) -> Block:
    """Silence what is left of each hit, up to the next onset, once it has decayed.

    Impacts do end; what a small model leaves between them is residual noise.

    Args:
        sound: a stretch at 48 kHz.
        track: its onsets, in seconds from its beginning.
        ratio: level, relative to a hit's loudest 10 ms, at which it has decayed; 0 for never.

    Returns:
        The sound, with fades of 20 ms.
    """
    if ratio == 0:
        return sound
    starts = [max(0, sample_index(time, SAMPLE_RATE) - LEAD) for time in track.times]
    for start, end in pairwise([*starts, sound.shape[1]]):
        hit = sound[0, start:end]
        rest = hit[decay_end(hit, SAMPLE_RATE, ratio=ratio, quiet=QUIET_BLOCKS) :]
        rest[:FADE] *= torch.linspace(1, 0, FADE)[: len(rest)]
        rest[FADE:] = 0
    return sound


def render_blocks(
    model: DiffusionModel,
    track: OnsetTrack,
    prompt: PromptEmbedding,
    n_samples: int,
    settings: RenderSettings,
    progress: StepProgress | None = None,
) -> Iterator[Block]:
    """Render a whole track, block after block.

    Args:
        model: the diffusion model, on the prompt's device.
        track: the onsets.
        prompt: embedding of text or reference sound, (1, 1, 512).
        n_samples: length of the sound at 48 kHz.
        settings: how to sample.
        progress: called with (steps done, steps in all) over all windows.

    Yields:
        Consecutive stretches of the sound, on the CPU.
    """
    plan = windows(n_samples, model.config.clip_samples, model.factor)

    def sounds() -> Iterator[Block]:
        for index, window in enumerate(plan):
            step = _shifted(progress, index * settings.steps, len(plan) * settings.steps)
            yield render_window(model, track, prompt, window, settings, step)

    yield from joined(sounds(), plan, track, n_samples)


def without_clicks(blocks: Iterable[Block], n_samples: int) -> Iterator[Block]:
    """Let a sound of so many samples begin and end at zero."""
    start = 0
    for block in blocks:
        places = torch.arange(start, start + block.shape[1])
        rise, fall = places / FADE_IN, (n_samples - 1 - places) / FADE_OUT
        yield block * torch.minimum(rise, fall).clamp(0, 1)
        start += block.shape[1]


def _shifted(progress: StepProgress | None, done: int, total: int) -> StepProgress | None:
    return None if progress is None else lambda step, _: progress(done + step, total)

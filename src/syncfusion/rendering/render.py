"""Rendering a track of any length window by window, in constant memory."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
from jaxtyping import Float
from torch import Tensor

from syncfusion.constants import MAX_SEED, SAMPLE_RATE
from syncfusion.device import fast_arithmetic
from syncfusion.diffusion import SOLVERS, DiffusionModel, Guidance, PromptEmbedding, StepProgress
from syncfusion.errors import InputError
from syncfusion.media import decay_end
from syncfusion.rendering.windows import FADE, LEAD, Block, Window, joined, timeline_noise, windows
from syncfusion.timing import sample_index
from syncfusion.track import OnsetTrack

QUIET_BLOCKS = 3  # a hit is over after so many quiet blocks of 10 ms
TAIL_SECONDS = 4.0  # longest sound of an onset; silence follows
FADE_IN = sample_index(0.001, SAMPLE_RATE)  # of the whole sound; short, as an onset may start it
FADE_OUT = sample_index(0.01, SAMPLE_RATE)


@dataclass(frozen=True, kw_only=True)
class RenderSettings:
    """How sound is sampled from the model.

    Args:
        steps: sampling steps, 1 or more.
        guidance: scale of classifier-free guidance, finite.
        solver: a name in ``diffusion.solvers.SOLVERS``.
        seed: of the noise, 0 to ``MAX_SEED``; the same seed gives the same sound.
        final_noise_level: noise level, 0 to 1, whose clean estimate is the result; 0 as published.
        decay_gate: ratio, 0 to 1, to the RMS of a hit's loudest 10 ms; the hit is silenced once
            its RMS has fallen to it. 0 for never.

    Raises:
        InputError: if one of them is out of its range.
    """

    steps: int
    guidance: float
    solver: str
    seed: int = 0
    final_noise_level: float = 0.0
    decay_gate: float = 0.0

    def __post_init__(self) -> None:
        if self.steps < 1:
            raise InputError(f"sampling takes 1 step or more, not {self.steps}")
        if not math.isfinite(self.guidance):
            raise InputError(f"the guidance {self.guidance} is no finite number; give one, like 2")
        if self.solver not in SOLVERS:
            raise InputError(f"there is no solver {self.solver!r}; use {' or '.join(SOLVERS)}")
        if not 0 <= self.seed <= MAX_SEED:
            raise InputError(f"the seed {self.seed} is out of range; give 0 to {MAX_SEED}")
        for name in ("final_noise_level", "decay_gate"):
            if not 0 <= getattr(self, name) < 1:
                raise InputError(f"{name} is {getattr(self, name)}; give 0 or more, less than 1")


def onset_mask(track: OnsetTrack, n_samples: int) -> Block:
    """Return 1 from each onset to ``TAIL_SECONDS`` after it, 0 elsewhere, with ramps of 5 ms."""
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
    """Render one window of a track; a window without onsets is silent and costs no sampling.

    A tail therefore ends with the last window that holds its onset, 1 s after it or later.
    """
    onsets = onsets_in(track, window)
    if not len(onsets):
        if progress is not None:
            progress(settings.steps, settings.steps)
        return torch.zeros(1, window.length)
    noise = timeline_noise(settings.seed, window)
    return gated(draw(model, [onsets], prompt, noise, settings, progress)[0], onsets, settings)


def onsets_in(track: OnsetTrack, window: Window) -> OnsetTrack:
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
    *,
    batched: bool | None = None,
) -> Float[Tensor, "batch 1 time"]:
    """Sample windows of equal length from the model, in one call.

    Args:
        model: the diffusion model, on the prompts' device.
        tracks: one per window; times in seconds from its beginning.
        prompts: one embedding per window.
        noise: one per window; ``settings.seed`` is ignored here.
        settings: how to sample.
        progress: called with (steps done, steps in all).
        batched: whether guidance doubles the batch, see ``diffusion.Guidance``.

    Returns:
        The model's output, on the CPU, not yet ``gated``.
    """
    device, length = prompts.device, noise.shape[2]
    impulses = torch.stack([track.impulses(SAMPLE_RATE, length) for track in tracks]).to(device)
    with fast_arithmetic(device):
        sound = model.sample(
            noise.to(device),
            features=model.encode_onsets(impulses),
            embedding=prompts,
            steps=settings.steps,
            guidance=Guidance(prompt=settings.guidance, batched=batched),
            solver=settings.solver,
            final_noise_level=settings.final_noise_level,
            progress=progress,
        )
    return sound.float().cpu()


def gated(sound: Block, onsets: OnsetTrack, settings: RenderSettings) -> Block:
    """Silence a window before its first onset, after each tail, and where hits have decayed."""
    return decay_gated(sound * onset_mask(onsets, sound.shape[1]), onsets, settings.decay_gate)


def decay_gated(sound: Block, track: OnsetTrack, ratio: float) -> Block:
    """Silence each hit once it has decayed, up to the next onset.

    Impacts end; between them a small model leaves residual noise.

    Args:
        sound: a window at 48 kHz; it is changed in place.
        track: its onsets, in seconds from its beginning.
        ratio: RMS, relative to that of a hit's loudest 10 ms, at which it has decayed; 0 for never.

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
    """Render a whole track block by block.

    Args:
        model: the diffusion model, on the prompt's device.
        track: the onsets.
        prompt: embedding of text or reference sound, (1, 1, 512).
        n_samples: length of the sound at 48 kHz.
        settings: how to sample.
        progress: called with (steps done, steps in all) over all windows.

    Yields:
        Consecutive blocks of the sound, on the CPU.
    """
    plan = windows(n_samples, model.config.clip_samples, model.factor)

    def sounds() -> Iterator[Block]:
        for index, window in enumerate(plan):
            step = _shifted(progress, index * settings.steps, len(plan) * settings.steps)
            yield render_window(model, track, prompt, window, settings, step)

    yield from joined(sounds(), plan, track, n_samples)


def with_edge_fades(blocks: Iterable[Block], n_samples: int) -> Iterator[Block]:
    """Fade the first 1 ms and the last 10 ms of a sound of ``n_samples``, to avoid clicks."""
    start = 0
    for block in blocks:
        index = torch.arange(start, start + block.shape[1])
        rise, fall = index / FADE_IN, (n_samples - 1 - index) / FADE_OUT
        yield block * torch.minimum(rise, fall).clamp(0, 1)
        start += block.shape[1]


def _shifted(progress: StepProgress | None, done: int, total: int) -> StepProgress | None:
    return None if progress is None else lambda step, _: progress(done + step, total)

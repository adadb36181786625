"""Samplers: functions from noise to signal along descending levels, named after their paper."""

import itertools
from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor

from syncfusion.diffusion.vdiffusion import coefficients, mix, split

Signal = Float[Tensor, "batch channel frame"]
Levels = Float[Tensor, " step"]
Denoiser = Callable[[Tensor, Tensor], Tensor]  # (noisy signal, level (batch,)) -> velocity
Progress = Callable[[int, int], None]  # (steps done, steps in all); may raise to cancel


def linear_levels(steps: int, last_level: float = 0.0) -> Levels:
    """Space noise levels evenly from noise (1) to signal (0): the published schedule.

    Args:
        steps: number of evaluations, 1 or more.
        last_level: level of the last evaluation, whose clean estimate is the result; 0 for the
            published schedule, where the last step is as wide as the others.

    Returns:
        One level more than steps, descending.

    Raises:
        ValueError: if there is no step.
    """
    if steps < 1:
        raise ValueError(f"sampling takes at least 1 step, not {steps}")
    if last_level == 0:
        return torch.linspace(1, 0, steps + 1)
    return torch.cat([torch.linspace(1, last_level, steps), torch.zeros(1)])


def _ignore_progress(done: int, steps: int) -> None:
    pass


def ddim(
    denoise: Denoiser, noise: Signal, *, levels: Levels, progress: Progress = _ignore_progress
) -> Signal:
    """Sample deterministically (DDIM with eta = 0, Song et al. 2021), the published sampler."""
    signal = noise
    for done, (now, then) in enumerate(itertools.pairwise(levels), 1):
        now, then = now.expand(len(signal)), then.expand(len(signal))
        clean, residual = split(signal, denoise(signal, now), now)
        signal = mix(clean, residual, then)
        progress(done, len(levels) - 1)
    return signal


def dpmpp_2m(
    denoise: Denoiser, noise: Signal, *, levels: Levels, progress: Progress = _ignore_progress
) -> Signal:
    """Sample with DPM-Solver++(2M) (Lu et al. 2022, algorithm 2), one evaluation a step.

    With λ = log(cos/sin) of the angle, a step of the exponential integrator from (α, σ) to (α', σ')
    is ``σ'/σ · x + (α' - α σ'/σ) · D``, where D extrapolates the clean estimates of this and the
    last step. The first and last steps, where λ is infinite, are of first order.
    """
    signal, last_clean = noise, None
    log_ratio = -torch.log(torch.tan(levels.double() * torch.pi / 2).clamp(1e-9, 1e9))
    stride = log_ratio.diff()
    for step, (now, then) in enumerate(itertools.pairwise(levels)):
        now, then = now.expand(len(signal)), then.expand(len(signal))
        clean, _ = split(signal, denoise(signal, now), now)
        target = clean
        if last_clean is not None and 1 < step < len(stride) - 1:
            ahead = float(stride[step] / stride[step - 1]) / 2
            target = clean + ahead * (clean - last_clean)
        (alpha, sigma), (next_alpha, next_sigma) = (coefficients(level) for level in (now, then))
        kept = next_sigma / sigma
        signal = kept * signal + (next_alpha - alpha * kept) * target
        last_clean = clean
        progress(step + 1, len(levels) - 1)
    return signal


SOLVERS: dict[str, Callable[..., Tensor]] = {"ddim": ddim, "dpmpp_2m": dpmpp_2m}

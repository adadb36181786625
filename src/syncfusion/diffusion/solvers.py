"""Samplers: functions from noise to signal along descending levels, named after their paper."""

import itertools
import math
from collections.abc import Callable, Sequence

from jaxtyping import Float
from torch import Tensor

from syncfusion.diffusion.vdiffusion import coefficients, mix, split

Signal = Float[Tensor, "batch channel frame"]
Levels = Sequence[float]  # of ``schedules``
Denoiser = Callable[[Tensor, float], Tensor]  # (noisy signal, its level) -> velocity
Progress = Callable[[int, int], None]  # (steps done, steps in all); may raise to cancel


def _ignore_progress(done: int, steps: int) -> None:
    pass


def ddim(
    denoise: Denoiser, noise: Signal, *, levels: Levels, progress: Progress = _ignore_progress
) -> Signal:
    """Sample deterministically (DDIM with eta = 0, Song et al. 2021), the published sampler."""
    signal = noise
    for done, (now, then) in enumerate(itertools.pairwise(levels), 1):
        clean, residual = split(signal, denoise(signal, now), now)
        signal = mix(clean, residual, then)
        progress(done, len(levels) - 1)
    return signal


def heun(
    denoise: Denoiser, noise: Signal, *, levels: Levels, progress: Progress = _ignore_progress
) -> Signal:
    """Sample with Heun's second-order correction of DDIM, two evaluations a step but the last.

    DDIM turns signal x and velocity v by the angle δ of the step, which is exact as long as they
    only turn. How far the velocity v' found there is from the turned one says how much more there
    is: ``x' + tan(δ/2) · (v' - turned v)``. At level 0 nothing is left to correct.
    """
    signal = noise
    for done, (now, then) in enumerate(itertools.pairwise(levels), 1):
        clean, residual = split(signal, denoise(signal, now), now)
        signal = mix(clean, residual, then)
        if then > 0:
            alpha, sigma = coefficients(then)
            turned = alpha * residual - sigma * clean
            reach = math.tan((then - now) * math.pi / 4)
            signal = signal + reach * (denoise(signal, then) - turned)
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
    signal, last_clean = noise, noise
    n_steps = len(levels) - 1
    strides = [_log_ratio(then) - _log_ratio(now) for now, then in itertools.pairwise(levels)]
    for step, (now, then) in enumerate(itertools.pairwise(levels)):
        clean, _ = split(signal, denoise(signal, now), now)
        target = clean
        if 1 < step < n_steps - 1:
            ahead = strides[step] / strides[step - 1] / 2
            target = clean + ahead * (clean - last_clean)
        (alpha, sigma), (next_alpha, next_sigma) = coefficients(now), coefficients(then)
        kept = next_sigma / sigma
        signal = kept * signal + (next_alpha - alpha * kept) * target
        last_clean = clean
        progress(step + 1, n_steps)
    return signal


def _log_ratio(level: float) -> float:
    tangent = math.tan(level * math.pi / 2)
    return -math.log(min(max(tangent, 1e-9), 1e9))


SOLVERS: dict[str, Callable[..., Tensor]] = {"ddim": ddim, "dpmpp_2m": dpmpp_2m, "heun": heun}

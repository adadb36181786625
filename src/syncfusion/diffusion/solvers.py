"""Samplers: functions from noise to signal along descending noise levels, named after their paper.

Each calls ``denoise`` with a noisy signal and its noise level, and ``progress`` after each step.
"""

import itertools
import math
from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor

from syncfusion.diffusion.types import NoiseLevels, Signal
from syncfusion.diffusion.vdiffusion import coefficients, mix, split
from syncfusion.timing import seeded

Denoiser = Callable[[Tensor, float], Tensor]  # (noisy signal, its noise level) -> velocity
StepProgress = Callable[[int, int], None]  # (steps done, steps in all); may raise to cancel


def _ignore_progress(done: int, steps: int) -> None:
    pass


def ddim(
    denoise: Denoiser,
    noise: Signal,
    *,
    levels: NoiseLevels,
    progress: StepProgress = _ignore_progress,
) -> Signal:
    """Sample deterministically (DDIM with eta = 0, Song et al. 2021); the published sampler."""
    signal = noise
    for done, (now, then) in enumerate(itertools.pairwise(levels), 1):
        clean, residual = split(signal, denoise(signal, now), now)
        signal = mix(clean, residual, then)
        progress(done, len(levels) - 1)
    return signal


def heun(
    denoise: Denoiser,
    noise: Signal,
    *,
    levels: NoiseLevels,
    progress: StepProgress = _ignore_progress,
) -> Signal:
    """Sample with Heun's second-order correction of DDIM: two evaluations a step, one in the last.

    A DDIM step rotates signal x and velocity v by the step's angle δ. The step is exact if rotation
    is all that happens to v. The velocity v' at the end of the step measures the deviation, and the
    corrected signal is ``x' + tan(δ/2) · (v' - rotated v)``. A step to level 0 needs no correction.
    """
    signal = noise
    for done, (now, then) in enumerate(itertools.pairwise(levels), 1):
        clean, residual = split(signal, denoise(signal, now), now)
        signal = mix(clean, residual, then)
        if then > 0:
            alpha, sigma = coefficients(then)
            rotated = alpha * residual - sigma * clean
            tangent = math.tan((then - now) * math.pi / 4)
            signal = signal + tangent * (denoise(signal, then) - rotated)
        progress(done, len(levels) - 1)
    return signal


def dpmpp_2m(
    denoise: Denoiser,
    noise: Signal,
    *,
    levels: NoiseLevels,
    progress: StepProgress = _ignore_progress,
) -> Signal:
    """Sample with DPM-Solver++(2M) (Lu et al. 2022, algorithm 2), one evaluation a step.

    With λ = log(cos/sin) of the angle, a step of the exponential integrator from (α, σ) to (α', σ')
    is ``σ'/σ · x + (α' - α σ'/σ) · D``. D extrapolates the clean estimates of this step and the one
    before. The first and the last step, where λ is infinite, are of first order.
    """

    def move(signal: Signal, clean: Signal, now: float, then: float) -> Signal:
        (alpha, sigma), (next_alpha, next_sigma) = coefficients(now), coefficients(then)
        kept = next_sigma / sigma
        return kept * signal + (next_alpha - alpha * kept) * clean

    return _second_order(denoise, noise, levels, move, progress)


def sde_dpmpp_2m(
    denoise: Denoiser,
    noise: Signal,
    *,
    levels: NoiseLevels,
    progress: StepProgress = _ignore_progress,
) -> Signal:
    """Sample with SDE-DPM-Solver++(2M) (Lu et al. 2022, appendix B), one evaluation a step.

    As ``dpmpp_2m``, but each step replaces part of the noise by new noise, which corrects errors
    of earlier steps. With h the step of λ, it is
    ``σ'/σ e⁻ʰ · x + α' (1 - e⁻²ʰ) · D + σ' √(1 - e⁻²ʰ) · new noise``. What is drawn for an example
    depends on its own noise alone: the same noise gives the same sound in any batch.
    """
    generators = [_generator_of(example) for example in noise]

    def move(signal: Signal, clean: Signal, now: float, then: float) -> Signal:
        (_, sigma), (next_alpha, next_sigma) = coefficients(now), coefficients(then)
        left = math.exp(_log_ratio(now) - _log_ratio(then))
        kept, new = next_sigma / sigma * left, next_sigma * math.sqrt(1 - left**2)
        moved = kept * signal + next_alpha * (1 - left**2) * clean
        return moved + new * _drawn(generators, noise) if new > 0 else moved

    return _second_order(denoise, noise, levels, move, progress)


def _second_order(
    denoise: Denoiser,
    noise: Signal,
    levels: NoiseLevels,
    move: Callable[[Signal, Signal, float, float], Signal],
    progress: StepProgress,
) -> Signal:
    """Run a solver whose steps extrapolate the clean estimate from those of this and the last step.

    ``move`` takes the signal, the extrapolated estimate and two levels to the signal at the second.
    """
    signal, last_clean = noise, noise
    n_steps = len(levels) - 1
    strides = [_log_ratio(then) - _log_ratio(now) for now, then in itertools.pairwise(levels)]
    for step, (now, then) in enumerate(itertools.pairwise(levels)):
        clean, _ = split(signal, denoise(signal, now), now)
        extrapolated = clean
        if 1 < step < n_steps - 1:
            ratio = strides[step] / strides[step - 1] / 2
            extrapolated = clean + ratio * (clean - last_clean)
        signal = move(signal, extrapolated, now, then)
        last_clean = clean
        progress(step + 1, n_steps)
    return signal


def _generator_of(noise: Float[Tensor, "channel frame"]) -> torch.Generator:
    """Return a generator whose seed is the first two numbers of an example's noise."""
    first = noise.flatten()[:2].float().cpu()
    return seeded(int.from_bytes(first.numpy().tobytes(), "little"))


def _drawn(generators: list[torch.Generator], like: Signal) -> Signal:
    return torch.stack([torch.randn(like.shape[1:], generator=g) for g in generators]).to(like)


def _log_ratio(level: float) -> float:
    tangent = math.tan(level * math.pi / 2)
    return -math.log(min(max(tangent, 1e-9), 1e9))


SOLVERS: dict[str, Callable[..., Tensor]] = {
    "ddim": ddim,
    "dpmpp_2m": dpmpp_2m,
    "heun": heun,
    "sde_dpmpp_2m": sde_dpmpp_2m,
}

"""Schedules: the noise levels that a sampler steps through, from noise (1) to signal (0).

A schedule takes the number of evaluations and the noise level of the last one. It returns one level
more than evaluations, in descending order. The clean estimate at ``final_noise_level`` is the
result. With 0, as published, the last step has the width that the schedule gives it.
"""

import math
from collections.abc import Callable

from syncfusion.diffusion.types import NoiseLevels

KARRAS_RHO = 7  # Karras et al. 2022, table 1
KARRAS_RANGE = (0.01, 50.0)  # least and greatest σ, at levels 0.006 and 0.987


def linear(steps: int, final_noise_level: float = 0.0) -> NoiseLevels:
    """Space the levels evenly; the published schedule."""
    return _warped(lambda place: place, steps, final_noise_level)


def cosine(steps: int, final_noise_level: float = 0.0) -> NoiseLevels:
    """Space the levels closer at both ends: the cosine of evenly spaced angles from 0 to π."""
    return _warped(lambda place: (1 - math.cos(math.pi * place)) / 2, steps, final_noise_level)


def karras(steps: int, final_noise_level: float = 0.0) -> NoiseLevels:
    """Space the levels closer towards the signal (Karras et al. 2022, eq. 5), after a first at 1.

    Their σ is the noise per unit of signal: the tangent of the noise level's angle.
    """
    _check(steps, final_noise_level)
    last, first = KARRAS_RANGE
    last = math.tan(final_noise_level * math.pi / 2) or last
    roots = [sigma ** (1 / KARRAS_RHO) for sigma in (first, last)]
    places = [step / max(1, steps - 2) for step in range(steps - 1)]
    sigmas = [(roots[0] + place * (roots[1] - roots[0])) ** KARRAS_RHO for place in places]
    return [1.0, *(math.atan(sigma) * 2 / math.pi for sigma in sigmas), 0.0]


def _warped(warp: Callable[[float], float], steps: int, final_noise_level: float) -> NoiseLevels:
    _check(steps, final_noise_level)
    n_strides = steps if final_noise_level == 0 else max(1, steps - 1)
    levels = [1 - warp(stride / n_strides) * (1 - final_noise_level) for stride in range(steps)]
    return [*levels, 0.0]


def _check(steps: int, final_noise_level: float) -> None:
    if steps < 1:
        raise ValueError(f"sampling takes at least 1 step, not {steps}")
    if not 0 <= final_noise_level < 1:
        raise ValueError(
            f"the final noise level is {final_noise_level}; give 0 or more, less than 1"
        )


SCHEDULES: dict[str, Callable[[int, float], NoiseLevels]] = {
    "linear": linear,
    "cosine": cosine,
    "karras": karras,
}

"""Schedules: the noise levels that a sampler walks through, from noise (1) to signal (0).

All take the number of evaluations and where the last of them stands, and return one level more than
evaluations, descending. The estimate of the clean signal at ``last_level`` is the result; with 0,
as published, the last step is as wide as the schedule makes it.
"""

import math
from collections.abc import Callable

Levels = list[float]

KARRAS_RHO = 7  # Karras et al. 2022, table 1
KARRAS_RANGE = (0.01, 50.0)  # noise for a unit of signal, from level 0.006 to 0.987


def linear(steps: int, last_level: float = 0.0) -> Levels:
    """Space levels evenly: the published schedule."""
    return _warped(lambda place: place, steps, last_level)


def cosine(steps: int, last_level: float = 0.0) -> Levels:
    """Space levels closer at both ends, as the projection of an even walk round a half circle."""
    return _warped(lambda place: (1 - math.cos(math.pi * place)) / 2, steps, last_level)


def karras(steps: int, last_level: float = 0.0) -> Levels:
    """Space levels closer towards the signal (Karras et al. 2022, eq. 5); the first is noise alone.

    What they call σ is noise for a unit of signal, here the tangent of the level's angle.
    """
    _check(steps, last_level)
    last, first = KARRAS_RANGE
    last = math.tan(last_level * math.pi / 2) or last
    roots = [noise ** (1 / KARRAS_RHO) for noise in (first, last)]
    places = [step / max(1, steps - 2) for step in range(steps - 1)]
    noises = [(roots[0] + place * (roots[1] - roots[0])) ** KARRAS_RHO for place in places]
    return [1.0, *(math.atan(noise) * 2 / math.pi for noise in noises), 0.0]


def _warped(warp: Callable[[float], float], steps: int, last_level: float) -> Levels:
    _check(steps, last_level)
    n_strides = steps if last_level == 0 else max(1, steps - 1)
    levels = [1 - warp(stride / n_strides) * (1 - last_level) for stride in range(steps)]
    return [*levels, 0.0]


def _check(steps: int, last_level: float) -> None:
    if steps < 1:
        raise ValueError(f"sampling takes at least 1 step, not {steps}")
    if not 0 <= last_level < 1:
        raise ValueError(f"the last level is {last_level}; give 0 or more, less than 1")


SCHEDULES: dict[str, Callable[[int, float], Levels]] = {
    "linear": linear,
    "cosine": cosine,
    "karras": karras,
}

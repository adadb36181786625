"""Effect of the number of U-Net evaluations: systems that differ only in sampling steps."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from syncfusion.evaluation.report.curves import Point, onset_f
from syncfusion.evaluation.results import SystemResult
from syncfusion.evaluation.statistics import summary

STEPS = "steps"


class Ladder(NamedTuple):
    """Systems whose settings differ only in their steps, fewest evaluations first.

    Args:
        names: names of the systems.
        style: index of the first of them among all systems.
        points: mean onset F over the number of evaluations.
    """

    names: list[str]
    style: int
    points: list[Point]


def ladders(systems: Sequence[SystemResult]) -> list[Ladder]:
    """Return onset F against the number of evaluations.

    The result is empty if all systems use the same number, or no system states it.
    """
    groups: dict[str, list[tuple[Point, str, int]]] = {}
    for style, system in enumerate(systems):
        sampling = sampling_of(system.settings)
        if sampling and system.clips:
            f = summary(onset_f(clip) for clip in system.clips)
            point = Point(n_evaluations(sampling), f.mean or 0.0, f.interval)
            key = json.dumps(_without_steps(system.settings), sort_keys=True, default=str)
            groups.setdefault(key, []).append((point, system.name, style))
    if len({point.x for group in groups.values() for point, _, _ in group}) < 2:
        return []
    return [_ladder(sorted(group, key=lambda rung: rung[0].x)) for group in groups.values()]


def sampling_of(settings: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the innermost settings with a number of steps, at any depth; None without any."""
    if isinstance(settings.get(STEPS), int):
        return settings
    inner = (sampling_of(value) for value in settings.values() if isinstance(value, Mapping))
    return next((found for found in inner if found), None)


def n_evaluations(sampling: Mapping[str, Any]) -> int:
    """Return the number of U-Net evaluations: Heun needs 2 steps - 1, guidance doubles it."""
    n_calls = 2 * sampling[STEPS] - 1 if sampling.get("solver") == "heun" else sampling[STEPS]
    return n_calls * (1 if sampling.get("guidance", 1) == 1 else 2)


def _without_steps(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _without_steps(value) if isinstance(value, Mapping) else value
        for name, value in settings.items()
        if name != STEPS
    }


def _ladder(rungs: Sequence[tuple[Point, str, int]]) -> Ladder:
    points, names, styles = zip(*rungs, strict=True)
    return Ladder(list(names), min(styles), list(points))

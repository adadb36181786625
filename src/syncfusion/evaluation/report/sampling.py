"""What more evaluations of the U-Net are worth: systems that differ in their sampling steps."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from syncfusion.evaluation.report.curves import Point, onset_f
from syncfusion.evaluation.results import SystemResult
from syncfusion.evaluation.statistics import summary

STEPS = "steps"


class Ladder(NamedTuple):
    """Systems whose settings are the same but for their steps, fewest evaluations first.

    Args:
        names: of the systems.
        style: number of the first of them among all.
        points: mean onset F over evaluations.
    """

    names: list[str]
    style: int
    points: list[Point]


def ladders(systems: Sequence[SystemResult]) -> list[Ladder]:
    """Return onset F against evaluations; none where all systems take as many, or none says."""
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
    """Return the innermost settings that count steps, wherever they are; None without any."""
    if isinstance(settings.get(STEPS), int):
        return settings
    inner = (sampling_of(value) for value in settings.values() if isinstance(value, Mapping))
    return next((found for found in inner if found), None)


def n_evaluations(sampling: Mapping[str, Any]) -> int:
    """Return how often the U-Net is asked: Heun asks twice a step but the last, guidance twice."""
    asked = 2 * sampling[STEPS] - 1 if sampling.get("solver") == "heun" else sampling[STEPS]
    return asked * (1 if sampling.get("guidance", 1) == 1 else 2)


def _without_steps(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _without_steps(value) if isinstance(value, Mapping) else value
        for name, value in settings.items()
        if name != STEPS
    }


def _ladder(rungs: Sequence[tuple[Point, str, int]]) -> Ladder:
    points, names, styles = zip(*rungs, strict=True)
    return Ladder(list(names), min(styles), list(points))

"""Do two systems differ? Every pair of rows, on the clips that both have."""

from collections.abc import Sequence
from itertools import combinations

from syncfusion.evaluation.metrics import COMPARED
from syncfusion.evaluation.results import Comparison, SystemResult
from syncfusion.evaluation.statistics import paired_test


def compare_systems(systems: Sequence[SystemResult]) -> tuple[Comparison, ...]:
    """Test every pair of systems by the figures of ``COMPARED``.

    Args:
        systems: judged on the same clips, or on some of them.

    Returns:
        The tests; a pair is left out by a figure that no clip has of both.
    """
    tests = []
    for first, second in combinations(systems, 2):
        for figure in COMPARED:
            pairs = _pairs(_values(first, figure), _values(second, figure))
            if pairs:
                test = paired_test(*zip(*pairs, strict=True))
                tests.append(
                    Comparison(figure=figure, first=first.name, second=second.name, test=test)
                )
    return tuple(tests)


def _values(system: SystemResult, figure: str) -> dict[str, float]:
    values = {clip.name: clip.figures.get(figure) for clip in system.clips}
    return {name: value for name, value in values.items() if value is not None}


def _pairs(first: dict[str, float], second: dict[str, float]) -> list[tuple[float, float]]:
    return [(value, second[name]) for name, value in first.items() if name in second]

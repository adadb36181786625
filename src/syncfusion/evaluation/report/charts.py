"""Charts of the report: curves of all systems, drawn by matplotlib as inline SVG."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from syncfusion.evaluation.report.curves import (
    OFFSET_BIN_MS,
    TOLERANCES_MS,
    Point,
    f_against_tolerance,
    offset_histogram,
    precision_recall,
)
from syncfusion.evaluation.report.sampling import ladders
from syncfusion.evaluation.report.svg import Axis, Line, draw
from syncfusion.evaluation.results import SystemResult
from syncfusion.onset import TOLERANCE

FRACTION_TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


class Curve(NamedTuple):
    """A curve's name, the index of its style, and its points."""

    name: str
    style: int
    points: Sequence[Point]


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart.

    Args:
        title: quantity that it shows.
        about: a sentence on how to read it.
        x: horizontal axis.
        y: vertical axis.
        curves: curves in drawing order.
        is_marked: whether the points are drawn as markers.
    """

    title: str
    about: str
    x: Axis
    y: Axis
    curves: Sequence[Curve]
    is_marked: bool = True

    def svg(self, name: str) -> str:
        """Return the chart as an inline SVG element; equal charts give equal text.

        Args:
            name: prefix of the ids inside, unique on the page.

        Returns:
            The element with its title and description, to stand in a page of HTML.
        """
        lines = [
            Line(curve.name, curve.style, curve.points, self._tooltips(curve))
            for curve in self.curves
        ]
        return draw(
            lines,
            self.x,
            self.y,
            name=name,
            title=self.title,
            description=f"{self.about} Curves: {', '.join(line.name for line in lines)}.",
            is_marked=self.is_marked,
        )

    def _tooltips(self, curve: Curve) -> list[str]:
        return [
            f"{curve.name}: {self.x.label} {point.x:g}, {self.y.label} {point.y:.3g}"
            for point in curve.points
        ]


def charts(systems: Sequence[SystemResult]) -> list[Chart]:
    """Return the charts of all systems' onsets, without those that have no curve."""
    drawn = [_tolerance_chart(systems), _offset_chart(systems), _precision_chart(systems)]
    drawn.append(_evaluations_chart(systems))
    return [chart for chart in drawn if chart.curves]


def _tolerance_chart(systems: Sequence[SystemResult]) -> Chart:
    return Chart(
        title="Onset F against tolerance",
        about="Mean over clips, for different tolerances of a match.",
        x=Axis("tolerance (± ms)", 0, TOLERANCES_MS[-1], range(0, 201, 50)),
        y=Axis("onset F, mean over clips", 0, 1, FRACTION_TICKS),
        curves=_curves(systems, [f_against_tolerance(system.clips) for system in systems]),
    )


def _offset_chart(systems: Sequence[SystemResult]) -> Chart:
    lines = [offset_histogram(system.clips) for system in systems]
    highest = max((point.y for line in lines for point in line), default=1)
    step = next(step for step in (5, 10, 20) if highest <= 5 * step)
    top = step * math.ceil(highest / step)
    reach = 1000 * TOLERANCE
    ticks = [reach * part for part in (-1, -0.5, 0, 0.5, 1)]
    return Chart(
        title="Offsets of matched onsets",
        about=f"Histogram in bins of {OFFSET_BIN_MS} ms; a peak beside 0 is a constant delay.",
        x=Axis("estimate late (+) or early (−), ms", -reach, reach, ticks),
        y=Axis("matched onsets (%)", 0, top, range(0, top + 1, step)),
        curves=_curves(systems, [_stairs(line) for line in lines]),
        is_marked=False,
    )


def _precision_chart(systems: Sequence[SystemResult]) -> Chart:
    return Chart(
        title="Precision against recall",
        about=f"Onsets of all clips (±{1000 * TOLERANCE:g} ms), by falling confidence.",
        x=Axis("recall", 0, 1, FRACTION_TICKS),
        y=Axis("precision", 0, 1, FRACTION_TICKS),
        curves=_curves(systems, [precision_recall(system.clips) for system in systems]),
    )


def _evaluations_chart(systems: Sequence[SystemResult]) -> Chart:
    found = ladders(systems)
    ticks = sorted({point.x for ladder in found for point in ladder.points}) or [1]
    return Chart(
        title="Onset F against evaluations",
        about="Lines join systems that differ only in their steps; bars are 95 % intervals.",
        x=Axis("evaluations of the U-Net", 0, 1.05 * ticks[-1], ticks),
        y=Axis("onset F, mean over clips", 0, 1, FRACTION_TICKS),
        curves=[Curve(" → ".join(names), style, points) for names, style, points in found],
    )


def _curves(systems: Sequence[SystemResult], lines: Sequence[Sequence[Point]]) -> list[Curve]:
    named = enumerate(zip(systems, lines, strict=True))
    return [Curve(system.name, style, line) for style, (system, line) in named if line]


def _stairs(points: Sequence[Point]) -> list[Point]:
    """Return the outline of a histogram, two corners a bin."""
    half = OFFSET_BIN_MS / 2
    return [Point(point.x + side, point.y) for point in points for side in (-half, half)]

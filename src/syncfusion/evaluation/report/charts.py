"""Curves laid out on a canvas; the page draws them as SVG in its own colours."""

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
from syncfusion.evaluation.results import SystemResult
from syncfusion.onset import TOLERANCE

WIDTH, HEIGHT = 460, 300  # units of the canvas
LEFT, RIGHT, TOP, BOTTOM = 54, 446, 12, 250  # edges of the plot on it
MOST_MARKS = 40  # a curve of more points is a line alone
SHARE_TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True, kw_only=True)
class Axis:
    """One direction of a chart.

    Args:
        label: what is drawn, with its unit.
        low: value at the beginning.
        high: value at the end.
        ticks: values with a line and a number.
    """

    label: str
    low: float
    high: float
    ticks: Sequence[float]

    def share(self, value: float) -> float:
        """Return how far along the axis a value stands, 0 to 1."""
        return (value - self.low) / (self.high - self.low)


class Mark(NamedTuple):
    """A point on the canvas, its text, and the ends of its interval where there is one."""

    x: float
    y: float
    text: str
    ends: tuple[float, float] | None


class Curve(NamedTuple):
    """A line on the canvas: whose it is, the style it is drawn in, its path and its marks."""

    name: str
    style: int
    path: str
    marks: list[Mark]


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A plot, ready to be drawn.

    Args:
        title: what it shows.
        about: a sentence on how to read it.
        x: horizontal axis.
        y: vertical axis.
        curves: drawn in this order.
        is_marked: whether the points themselves are drawn.
    """

    title: str
    about: str
    x: Axis
    y: Axis
    curves: Sequence[Curve]
    is_marked: bool = True

    @property
    def x_ticks(self) -> list[tuple[float, str]]:
        """Where numbers of the horizontal axis stand."""
        return [(_right(self.x, value), f"{value:g}") for value in self.x.ticks]

    @property
    def y_ticks(self) -> list[tuple[float, str]]:
        """Where numbers of the vertical axis stand."""
        return [(_up(self.y, value), f"{value:g}") for value in self.y.ticks]


def charts(systems: Sequence[SystemResult]) -> list[Chart]:
    """Return what the onsets of all systems look like; a plot that none can fill is left out."""
    drawn = [_tolerance_chart(systems), _offset_chart(systems), _precision_chart(systems)]
    drawn.append(_evaluations_chart(systems))
    return [chart for chart in drawn if chart.curves]


def _tolerance_chart(systems: Sequence[SystemResult]) -> Chart:
    x = Axis(label="tolerance (± ms)", low=0, high=TOLERANCES_MS[-1], ticks=range(0, 201, 50))
    y = Axis(label="onset F, mean over clips", low=0, high=1, ticks=SHARE_TICKS)
    lines = [f_against_tolerance(system.clips) for system in systems]
    return Chart(
        title="Onset F against tolerance",
        about="How much of the score hangs on how far off an onset may be.",
        x=x,
        y=y,
        curves=_curves(systems, lines, x, y),
    )


def _offset_chart(systems: Sequence[SystemResult]) -> Chart:
    lines = [offset_histogram(system.clips) for system in systems]
    highest = max((point.y for line in lines for point in line), default=1)
    step = next(step for step in (5, 10, 20) if highest <= 5 * step)
    top = step * math.ceil(highest / step)
    reach = 1000 * TOLERANCE
    x = Axis(label="heard late (+) or early (−), ms", low=-reach, high=reach, ticks=_spread(reach))
    y = Axis(label="share of matched onsets (%)", low=0, high=top, ticks=range(0, top + 1, step))
    return Chart(
        title="Offsets of matched onsets",
        about=f"In bins of {OFFSET_BIN_MS} ms; a peak beside 0 is a constant delay.",
        x=x,
        y=y,
        curves=_curves(systems, [_stairs(line) for line in lines], x, y),
        is_marked=False,
    )


def _precision_chart(systems: Sequence[SystemResult]) -> Chart:
    x = Axis(label="recall", low=0, high=1, ticks=SHARE_TICKS)
    y = Axis(label="precision", low=0, high=1, ticks=SHARE_TICKS)
    lines = [precision_recall(system.clips) for system in systems]
    return Chart(
        title="Precision against recall",
        about=f"Onsets of all clips (±{1000 * TOLERANCE:g} ms), the clearest first.",
        x=x,
        y=y,
        curves=_curves(systems, lines, x, y),
    )


def _evaluations_chart(systems: Sequence[SystemResult]) -> Chart:
    found = ladders(systems)
    ticks = sorted({point.x for ladder in found for point in ladder.points}) or [1]
    x = Axis(label="evaluations of the U-Net", low=0, high=1.05 * ticks[-1], ticks=ticks)
    y = Axis(label="onset F, mean over clips", low=0, high=1, ticks=SHARE_TICKS)
    return Chart(
        title="Onset F against evaluations",
        about="A line joins systems that differ in their steps alone; bars are 95 % intervals.",
        x=x,
        y=y,
        curves=[_curve(" → ".join(names), style, points, x, y) for names, style, points in found],
    )


def _curves(
    systems: Sequence[SystemResult], lines: Sequence[Sequence[Point]], x: Axis, y: Axis
) -> list[Curve]:
    named = enumerate(zip(systems, lines, strict=True))
    return [_curve(system.name, style, line, x, y) for style, (system, line) in named if line]


def _curve(name: str, style: int, points: Sequence[Point], x: Axis, y: Axis) -> Curve:
    marks = [_mark(name, point, x, y) for point in points]
    path = "M" + "L".join(f"{mark.x:g},{mark.y:g}" for mark in marks)
    return Curve(name, style, path, marks if len(marks) <= MOST_MARKS else [])


def _mark(name: str, point: Point, x: Axis, y: Axis) -> Mark:
    ends = point.interval and (_up(y, point.interval.low), _up(y, point.interval.high))
    text = f"{name}: {x.label} {point.x:g}, {y.label} {point.y:.3g}"
    return Mark(_right(x, point.x), _up(y, point.y), text, ends)


def _right(axis: Axis, value: float) -> float:
    return round(LEFT + axis.share(value) * (RIGHT - LEFT), 1)


def _up(axis: Axis, value: float) -> float:
    return round(BOTTOM - axis.share(value) * (BOTTOM - TOP), 1)


def _stairs(points: Sequence[Point]) -> list[Point]:
    """Return the outline of a histogram, two corners a bin."""
    half = OFFSET_BIN_MS / 2
    return [Point(point.x + side, point.y) for point in points for side in (-half, half)]


def _spread(reach: float) -> list[float]:
    return [reach * part for part in (-1, -0.5, 0, 0.5, 1)]

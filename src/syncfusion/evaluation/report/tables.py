"""The page's tables: systems by metrics, and paired tests of systems."""

from collections.abc import Sequence
from typing import NamedTuple

from syncfusion.evaluation.metrics import Metric
from syncfusion.evaluation.report.metric_titles import (
    MAIN,
    ORDER,
    Heading,
    MetricView,
    clip_metric_view,
    set_metric_view,
)
from syncfusion.evaluation.results import Evaluation, SetMetric, SystemResult
from syncfusion.evaluation.statistics import Interval, PairedTest, Summary

SIGNIFICANT = 0.05  # p-values below this are printed bold
MOST_COLUMNS = 5  # metrics shown at once in the table of clips
ABSENT = "–"
MINUS = "\N{MINUS SIGN}"


class Cell(NamedTuple):
    """One metric of one system.

    Args:
        value: None if undefined.
        text: formatted value.
        interval: formatted 95 % interval; "" without one.
        n: formatted number of clips or sounds; "" if the system does not have the metric.
        best: whether no other model has a better value; never for controls and recordings.
    """

    value: float | None
    text: str
    interval: str = ""
    n: str = ""
    best: bool = False


class MetricRow(NamedTuple):
    """One metric of all systems."""

    metric: Metric
    cells: list[Cell]


class Group(NamedTuple):
    """Metrics under one heading."""

    heading: Heading
    rows: list[MetricRow]


class Columns(NamedTuple):
    """Metrics of clips that are shown at once, by name."""

    heading: Heading
    metrics: dict[str, Metric]


class PairCell(NamedTuple):
    """One formatted paired test; ``is_significant`` if its p-value is below ``SIGNIFICANT``."""

    difference: str
    p_value: str
    n: int
    is_significant: bool


class PairTable(NamedTuple):
    """Paired tests: a row of cells per pair of systems, a column per metric."""

    metrics: list[Metric]
    rows: dict[tuple[str, str], list[PairCell | None]]


def metric_groups(evaluation: Evaluation) -> list[Group]:
    """Return the main table, a row per metric and a cell per system, by heading."""
    systems = evaluation.systems
    summaries = [system.summaries() for system in systems]
    rows = [
        _row(clip_metric_view(name), systems, [_mean_cell(found.get(name)) for found in summaries])
        for name in _names(summaries)
    ]
    rows += [
        _row(
            set_metric_view(name),
            systems,
            [_set_cell(system.set_metrics.get(name)) for system in systems],
        )
        for name in _names([system.set_metrics for system in systems])
    ]
    groups = {heading: [row for own, row in rows if own == heading] for heading in ORDER}
    return [Group(heading, rows) for heading, rows in groups.items() if rows]


def clip_columns(systems: Sequence[SystemResult]) -> list[Columns]:
    """Return the columns of single clips' metrics, in parts of at most ``MOST_COLUMNS``.

    ``MAIN`` is left out, since it is always the first column.
    """
    names = _names([clip.metrics for system in systems for clip in system.clips])
    views = {name: clip_metric_view(name) for name in names if name != MAIN}
    groups = {
        heading: {name: own.metric for name, own in views.items() if own.heading == heading}
        for heading in ORDER
    }
    return [part for heading, metrics in groups.items() for part in _parts(heading, metrics)]


def _parts(heading: Heading, metrics: dict[str, Metric]) -> list[Columns]:
    """Split metrics into parts that fit side by side on the page."""
    items = list(metrics.items())
    parts = [dict(items[at : at + MOST_COLUMNS]) for at in range(0, len(items), MOST_COLUMNS)]
    if len(parts) < 2:
        return [Columns(heading, part) for part in parts]
    return [
        Columns(heading._replace(text=f"{heading.text} ({number} of {len(parts)})"), part)
        for number, part in enumerate(parts, 1)
    ]


def pair_table(evaluation: Evaluation) -> PairTable:
    """Return the formatted paired tests; None where a pair was not tested by a metric."""
    tests = {(own.first, own.second, own.metric): own.test for own in evaluation.comparisons}
    names = list(dict.fromkeys(name for _, _, name in tests))
    rows = {
        pair: [_pair_cell(tests.get((*pair, name))) for name in names]
        for pair in dict.fromkeys((first, second) for first, second, _ in tests)
    }
    return PairTable([clip_metric_view(name).metric for name in names], rows)


def number(value: float | None, *, signed: bool = False) -> str:
    """Format a value: three decimals below 10, one from 10 on; a dash for None."""
    if value is None:
        return ABSENT
    decimals = 3 if abs(value) < 10 else 1
    text = f"{value:{'+' if signed else ''}.{decimals}f}"
    return text.replace("-", MINUS)


def _names(mappings: Sequence) -> list[str]:
    return list(dict.fromkeys(name for mapping in mappings for name in mapping))


def _mean_cell(found: Summary | None) -> Cell:
    if found is None:
        return Cell(None, ABSENT)
    without = f", {found.n_undefined} without" if found.n_undefined else ""
    n = f"N = {found.n}{without}"
    return Cell(found.mean, number(found.mean), _interval(found.interval), n)


def _set_cell(metric: SetMetric | None) -> Cell:
    if metric is None:
        return Cell(None, ABSENT)
    interval = _interval(metric.interval)
    return Cell(metric.value, number(metric.value), interval, f"N = {metric.n}")


def _interval(interval: Interval | None) -> str:
    return f"{number(interval.low)} to {number(interval.high)}" if interval else ""


def _row(
    view: MetricView, systems: Sequence[SystemResult], cells: list[Cell]
) -> tuple[Heading, MetricRow]:
    is_ranked = [
        system.kind == "model" and cell.value is not None
        for system, cell in zip(systems, cells, strict=True)
    ]
    values = [cell.value or 0.0 for cell, ranked in zip(cells, is_ranked, strict=True) if ranked]
    if view.metric.better and len(values) > 1:
        best = max(values) if view.metric.better == "higher" else min(values)
        cells = [
            cell._replace(best=ranked and cell.value == best)
            for cell, ranked in zip(cells, is_ranked, strict=True)
        ]
    return view.heading, MetricRow(view.metric, cells)


def _pair_cell(test: PairedTest | None) -> PairCell | None:
    if test is None:
        return None
    p_value = test.p_value
    text = ABSENT if p_value is None else "< 0.001" if p_value < 0.001 else f"{p_value:.3f}"
    is_significant = p_value is not None and p_value < SIGNIFICANT
    return PairCell(number(test.difference, signed=True), text, test.n, is_significant)

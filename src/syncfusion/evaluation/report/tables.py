"""The page's tables: systems by figures, and systems against each other."""

from collections.abc import Sequence
from typing import NamedTuple

from syncfusion.evaluation.metrics import Figure
from syncfusion.evaluation.report.titles import MAIN, ORDER, Heading, Look, look, set_look
from syncfusion.evaluation.results import Evaluation, SetFigure, SystemResult
from syncfusion.evaluation.statistics import Interval, PairedTest, Summary

SURE = 0.05  # p-value of a difference that is printed bold
ABSENT = "–"
MINUS = "\N{MINUS SIGN}"


class Cell(NamedTuple):
    """One figure of one system.

    Args:
        value: None where it has none.
        text: the value as printed.
        interval: its 95 % interval as printed; empty without one.
        n: what it is the mean of, as printed; empty where the system does not have the figure.
        best: whether no other system has a better one.
    """

    value: float | None
    text: str
    interval: str = ""
    n: str = ""
    best: bool = False


class FigureRow(NamedTuple):
    """One figure of all systems."""

    figure: Figure
    cells: list[Cell]


class Group(NamedTuple):
    """Figures under one heading."""

    heading: Heading
    rows: list[FigureRow]


class Columns(NamedTuple):
    """Figures of clips under one heading, by their names."""

    heading: Heading
    figures: dict[str, Figure]


class PairCell(NamedTuple):
    """One paired test, as printed; ``is_sure`` where its p-value is below ``SURE``."""

    difference: str
    p_value: str
    n: int
    is_sure: bool


class PairTable(NamedTuple):
    """Paired tests: a row of cells for every two systems, a column for every figure."""

    figures: list[Figure]
    rows: dict[tuple[str, str], list[PairCell | None]]


def figure_groups(evaluation: Evaluation) -> list[Group]:
    """Return the main table, a row a figure and a cell a system, under its headings."""
    systems = evaluation.systems
    summaries = [system.summaries() for system in systems]
    rows = [
        _row(look(name), [_mean_cell(found.get(name)) for found in summaries])
        for name in _names(summaries)
    ]
    rows += [
        _row(set_look(name), [_set_cell(system.set_figures.get(name)) for system in systems])
        for name in _names([system.set_figures for system in systems])
    ]
    groups = {heading: [row for own, row in rows if own == heading] for heading in ORDER}
    return [Group(heading, rows) for heading, rows in groups.items() if rows]


def clip_columns(systems: Sequence[SystemResult]) -> list[Columns]:
    """Return all figures of single clips but ``MAIN``, which always stands first."""
    names = _names([clip.figures for system in systems for clip in system.clips])
    looks = {name: look(name) for name in names if name != MAIN}
    groups = {
        heading: {name: own.figure for name, own in looks.items() if own.heading == heading}
        for heading in ORDER
    }
    return [Columns(heading, figures) for heading, figures in groups.items() if figures]


def pair_table(evaluation: Evaluation) -> PairTable:
    """Return the paired tests as printed; None where two systems were not tested by a figure."""
    tests = {(own.first, own.second, own.figure): own.test for own in evaluation.comparisons}
    names = list(dict.fromkeys(name for _, _, name in tests))
    rows = {
        pair: [_pair_cell(tests.get((*pair, name))) for name in names]
        for pair in dict.fromkeys((first, second) for first, second, _ in tests)
    }
    return PairTable([look(name).figure for name in names], rows)


def number(value: float | None, *, signed: bool = False) -> str:
    """Return a figure as printed: three decimals, one from 10 on; a dash for none."""
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


def _set_cell(figure: SetFigure | None) -> Cell:
    if figure is None:
        return Cell(None, ABSENT)
    interval = _interval(figure.interval)
    return Cell(figure.value, number(figure.value), interval, f"N = {figure.n}")


def _interval(interval: Interval | None) -> str:
    return f"{number(interval.low)} to {number(interval.high)}" if interval else ""


def _row(seen: Look, cells: list[Cell]) -> tuple[Heading, FigureRow]:
    values = [cell.value for cell in cells if cell.value is not None]
    if seen.figure.better and len(values) > 1:
        best = max(values) if seen.figure.better == "higher" else min(values)
        cells = [cell._replace(best=cell.value == best) for cell in cells]
    return seen.heading, FigureRow(seen.figure, cells)


def _pair_cell(test: PairedTest | None) -> PairCell | None:
    if test is None:
        return None
    p_value = test.p_value
    text = ABSENT if p_value is None else "< 0.001" if p_value < 0.001 else f"{p_value:.3f}"
    is_sure = p_value is not None and p_value < SURE
    return PairCell(number(test.difference, signed=True), text, test.n, is_sure)

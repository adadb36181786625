"""An evaluation as text, ``metrics.json`` and ``metrics.csv``."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from syncfusion.evaluation.frechet import set_metric
from syncfusion.evaluation.metrics import METRICS, PUBLISHED, QUALITY, SIDES, Metric
from syncfusion.evaluation.results import (
    ClipResult,
    Evaluation,
    SetMetric,
    SystemResult,
    grouped_problems,
)
from syncfusion.evaluation.statistics import MIN_VALUES, PairedTest, Summary
from syncfusion.media import temporary_sibling

Cells = Mapping[str, Summary | SetMetric]  # by metric
SHORT = (
    "f_100ms",
    "precision_100ms",
    "recall_100ms",
    "f_50ms",
    "f_25ms",
    "average_precision",
    "same_number",
    "mean_offset",
    "mean_absolute_offset",
)  # synchrony metrics in the text table, against the annotation
SHORTER = (
    "f_100ms",
    "average_precision",
    "same_number",
)  # synchrony metrics in the text table, against other references
SHOWN = (
    *SHORT,
    *(prefix + name for prefix in SIDES if prefix for name in SHORTER),
    *PUBLISHED,
    "n_reference",
    "n_estimate",
    *QUALITY,
)  # metrics of clips in the text table, in order; the files hold all
N_NAMED = 3  # clips named in a line of a problem
NO_INTERVAL = f"No interval: fewer than {MIN_VALUES} clips with a value, or all values equal."
COLUMNS = (
    "system",
    "metric",
    "title",
    "unit",
    "better",
    "value",
    "low",
    "high",
    "n",
    "n_undefined",
)


def format_evaluation(evaluation: Evaluation) -> str:
    """Return the table as text: a line per metric, a column per system, then tests and problems."""
    systems = evaluation.systems
    cells = [_cells(system) for system in systems]
    names = [name for name in SHOWN if any(name in own for own in cells)]
    names += dict.fromkeys(name for system in systems for name in system.set_metrics)
    rows = [["mean [95 % interval]", *(system.name for system in systems)]]
    rows += [["N (clips)", *(str(len(system.clips)) for system in systems)]]
    for name in names:
        row = (_cell(own.get(name), system) for own, system in zip(cells, systems, strict=True))
        rows.append([_title(_metric(name)), *row])
    notes = [NO_INTERVAL]
    notes += [f"{key}: {note}" for key, note in evaluation.about.items() if isinstance(note, str)]
    lines = [evaluation.title, evaluation.protocol, "", *_columns(rows), "", *notes]
    return "\n".join([*lines, *_tests(evaluation), *_problems(evaluation)])


def write_metrics(evaluation: Evaluation, folder: Path) -> None:
    """Write ``metrics.json`` with every clip, and ``metrics.csv``, a line per system and metric.

    Args:
        evaluation: results to write.
        folder: output folder; created if missing.
    """
    with temporary_sibling(folder / "metrics.json") as temporary:
        content = json.dumps(_record(evaluation), indent=2, allow_nan=False)
        temporary.write_text(f"{content}\n", encoding="utf-8")
    with (
        temporary_sibling(folder / "metrics.csv") as temporary,
        temporary.open("w", newline="", encoding="utf-8") as file,
    ):
        writer: csv.DictWriter[str] = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for system in evaluation.systems:
            writer.writerows(_lines(system))


def _cells(system: SystemResult) -> Cells:
    return {**system.summaries(), **system.set_metrics}


def _metric(name: str) -> Metric:
    return METRICS.get(name) or set_metric(name)


def _title(metric: Metric) -> str:
    arrow = {"higher": " ↑", "lower": " ↓", "": ""}[metric.better]
    return f"{metric.title}{f' ({metric.unit})' if metric.unit else ''}{arrow}"


def _cell(cell: Summary | SetMetric | None, system: SystemResult) -> str:
    """Format a value, its 95 % interval, and N if it differs from the system's number of clips."""
    if cell is None or _value(cell) is None:
        return "–"
    text = f"{_value(cell):.3f}"
    if cell.interval is not None:
        text += f" [{cell.interval.low:.3f}, {cell.interval.high:.3f}]"
    return text if cell.n == len(system.clips) else f"{text} N={cell.n}"


def _value(cell: Summary | SetMetric) -> float | None:
    return cell.mean if isinstance(cell, Summary) else cell.value


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Align the first column left, the others right."""
    first, *others = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            [row[0].ljust(first), *(c.rjust(w) for c, w in zip(row[1:], others, strict=True))]
        )
        for row in rows
    ]


def _tests(evaluation: Evaluation) -> list[str]:
    """Return a line per pair of systems, a column per metric."""
    metrics = list(dict.fromkeys(each.metric for each in evaluation.comparisons))
    pairs: dict[tuple[str, str], dict[str, str]] = {}
    for each in evaluation.comparisons:
        pairs.setdefault((each.first, each.second), {})[each.metric] = _tested(each.test)
    if not pairs:
        return []
    rows = [
        ["difference on shared clips, p by permutation", *(_metric(f).title for f in metrics)],
        *(
            [f"{first} minus {second}", *(tested.get(metric, "–") for metric in metrics)]
            for (first, second), tested in pairs.items()
        ),
    ]
    return ["", *_columns(rows)]


def _tested(test: PairedTest) -> str:
    p_value = "" if test.p_value is None else f" p={test.p_value:.3f}"
    return f"{test.difference:+.3f}{p_value} N={test.n}"


def _problems(evaluation: Evaluation) -> list[str]:
    """Return a line per problem, with all clips and systems that have it."""
    lines = []
    for problem in grouped_problems(evaluation.systems):
        whose = "all" if problem.is_of_all else "; ".join(problem.systems)
        more = len(problem.clips) - N_NAMED
        names = ", ".join(problem.clips[:N_NAMED]) + (f" and {more} more" if more > 0 else "")
        lines.append(f"{whose}: {names}{': ' if names else ''}{problem.sentence}")
    return ["", "Problems", *lines] if lines else []


def _lines(system: SystemResult) -> Iterator[dict[str, Any]]:
    for name, cell in _cells(system).items():
        metric = _metric(name)
        yield {"system": system.name, "metric": name} | metric._asdict() | _numbers(cell)


def _numbers(cell: Summary | SetMetric) -> dict[str, Any]:
    low, high = cell.interval or (None, None)
    n_undefined = cell.n_undefined if isinstance(cell, Summary) else 0
    numbers = {"value": _value(cell), "low": low, "high": high}
    return numbers | {"n": cell.n, "n_undefined": n_undefined}


def _record(evaluation: Evaluation) -> dict[str, Any]:
    return {
        "title": evaluation.title,
        "protocol": evaluation.protocol,
        "about": dict(evaluation.about),
        "systems": [_system(system) for system in evaluation.systems],
        "comparisons": [
            {"metric": each.metric, "first": each.first, "second": each.second}
            | each.test._asdict()
            for each in evaluation.comparisons
        ],
    }


def _system(system: SystemResult) -> dict[str, Any]:
    return {
        "name": system.name,
        "kind": system.kind,
        "settings": dict(system.settings),
        "metrics": {name: _numbers(cell) for name, cell in _cells(system).items()},
        "about": {name: dict(own.about) for name, own in system.set_metrics.items()},
        "problems": list(system.problems),
        "clips": [_clip(clip) for clip in system.clips],
    }


def _clip(clip: ClipResult) -> dict[str, Any]:
    return {
        "name": clip.name,
        "sound": str(clip.sound),
        "video": None if clip.video is None else str(clip.video),
        "reference": list(clip.reference.times),
        "estimate": [
            {"time": onset.time, "confidence": onset.confidence} for onset in clip.estimate
        ],
        "metrics": dict(clip.metrics),
    }

"""An evaluation as text, ``metrics.json`` and ``metrics.csv``."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from syncfusion.evaluation.frechet import set_figure
from syncfusion.evaluation.metrics import FIGURES, PUBLISHED, QUALITY, SIDES, Figure
from syncfusion.evaluation.results import ClipResult, Evaluation, SetFigure, SystemResult
from syncfusion.evaluation.statistics import PairedTest, Summary
from syncfusion.media import temporary_sibling

Cells = Mapping[str, Summary | SetFigure]  # by figure
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
)  # of the synchrony figures, those that the text table shows of the annotation
SHORTER = ("f_100ms", "average_precision", "same_number")  # and of the other sides
SHOWN = (
    *SHORT,
    *(prefix + name for prefix in SIDES if prefix for name in SHORTER),
    *PUBLISHED,
    "n_wanted",
    "n_heard",
    *QUALITY,
)  # figures of clips in the text table, in order; the files hold all
N_NAMED = 3  # clips named with a problem that more of them have
COLUMNS = (
    "system",
    "figure",
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
    """Return the table as text: a line a figure, a column a system, then tests and problems."""
    systems = evaluation.systems
    cells = [_cells(system) for system in systems]
    names = [name for name in SHOWN if any(name in own for own in cells)]
    names += dict.fromkeys(name for system in systems for name in system.set_figures)
    rows = [["mean [95 % interval]", *(system.name for system in systems)]]
    rows += [["N (clips)", *(str(len(system.clips)) for system in systems)]]
    for name in names:
        row = (_cell(own.get(name), system) for own, system in zip(cells, systems, strict=True))
        rows.append([_title(_figure(name)), *row])
    notes = [f"{key}: {note}" for key, note in evaluation.about.items() if isinstance(note, str)]
    lines = [evaluation.title, evaluation.protocol, "", *_columns(rows), "", *notes]
    return "\n".join([*lines, *_tests(evaluation), *_problems(evaluation)])


def write_metrics(evaluation: Evaluation, folder: Path) -> None:
    """Write ``metrics.json``, with every clip, and ``metrics.csv``, a line per system and figure.

    Args:
        evaluation: what was found.
        folder: made where it is missing.
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
    return {**system.summaries(), **system.set_figures}


def _figure(name: str) -> Figure:
    return FIGURES.get(name) or set_figure(name)


def _title(figure: Figure) -> str:
    arrow = {"higher": " ↑", "lower": " ↓", "": ""}[figure.better]
    return f"{figure.title}{f' ({figure.unit})' if figure.unit else ''}{arrow}"


def _cell(found: Summary | SetFigure | None, system: SystemResult) -> str:
    """Write a value, its 95 % interval, and N where it is of other than the system's clips."""
    if found is None or _value(found) is None:
        return "–"
    text = f"{_value(found):.3f}"
    if found.interval is not None:
        text += f" [{found.interval.low:.3f}, {found.interval.high:.3f}]"
    return text if found.n == len(system.clips) else f"{text} N={found.n}"


def _value(found: Summary | SetFigure) -> float | None:
    return found.mean if isinstance(found, Summary) else found.value


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
    """Return a line a pair of systems, a column a figure."""
    figures = list(dict.fromkeys(each.figure for each in evaluation.comparisons))
    pairs: dict[tuple[str, str], dict[str, str]] = {}
    for each in evaluation.comparisons:
        pairs.setdefault((each.first, each.second), {})[each.figure] = _tested(each.test)
    if not pairs:
        return []
    rows = [
        ["difference on shared clips, p by permutation", *(_figure(f).title for f in figures)],
        *(
            [f"{first} minus {second}", *(tested.get(figure, "–") for figure in figures)]
            for (first, second), tested in pairs.items()
        ),
    ]
    return ["", *_columns(rows)]


def _tested(test: PairedTest) -> str:
    p_value = "" if test.p_value is None else f" p={test.p_value:.3f}"
    return f"{test.difference:+.3f}{p_value} N={test.n}"


def _problems(evaluation: Evaluation) -> list[str]:
    """Return a line a problem, with the systems that have it; what several clips have, once."""
    found: dict[str, dict[str, list[str]]] = {}  # sentence -> clip or file -> systems
    for system in evaluation.systems:
        for problem in system.problems:
            clip, _, sentence = problem.rpartition(": ")
            found.setdefault(sentence, {}).setdefault(clip, []).append(system.name)
    lines = []
    for sentence, clips in found.items():
        alike: dict[tuple[str, ...], list[str]] = {}
        for clip, systems in clips.items():
            alike.setdefault(tuple(systems), []).append(clip)
        for systems, names in alike.items():
            whose = "all" if len(systems) == len(evaluation.systems) > 1 else "; ".join(systems)
            more = f" and {len(names) - N_NAMED} more" if len(names) > N_NAMED else ""
            who = f"{', '.join(names[:N_NAMED])}{more}: " if names != [""] else ""
            lines.append(f"{whose}: {who}{sentence}")
    return ["", "Problems", *lines] if lines else []


def _lines(system: SystemResult) -> Iterator[dict[str, Any]]:
    for name, found in _cells(system).items():
        figure = _figure(name)
        yield {"system": system.name, "figure": name} | figure._asdict() | _numbers(found)


def _numbers(found: Summary | SetFigure) -> dict[str, Any]:
    low, high = found.interval or (None, None)
    n_undefined = found.n_undefined if isinstance(found, Summary) else 0
    numbers = {"value": _value(found), "low": low, "high": high}
    return numbers | {"n": found.n, "n_undefined": n_undefined}


def _record(evaluation: Evaluation) -> dict[str, Any]:
    return {
        "title": evaluation.title,
        "protocol": evaluation.protocol,
        "about": dict(evaluation.about),
        "systems": [_system(system) for system in evaluation.systems],
        "comparisons": [
            {"figure": each.figure, "first": each.first, "second": each.second}
            | each.test._asdict()
            for each in evaluation.comparisons
        ],
    }


def _system(system: SystemResult) -> dict[str, Any]:
    return {
        "name": system.name,
        "settings": dict(system.settings),
        "figures": {name: _numbers(found) for name, found in _cells(system).items()},
        "about": {name: dict(found.about) for name, found in system.set_figures.items()},
        "problems": list(system.problems),
        "clips": [_clip(clip) for clip in system.clips],
    }


def _clip(clip: ClipResult) -> dict[str, Any]:
    return {
        "name": clip.name,
        "sound": str(clip.sound),
        "video": None if clip.video is None else str(clip.video),
        "wanted": list(clip.wanted.times),
        "heard": [{"time": onset.time, "confidence": onset.confidence} for onset in clip.heard],
        "figures": dict(clip.figures),
    }

"""Tables: rendering, scoring, comparison and output of all rows."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from syncfusion.errors import InputError
from syncfusion.evaluation import (
    Candidate,
    Evaluation,
    Scorer,
    SystemResult,
    compare_systems,
    score_system,
    with_halves_distance,
    write_metrics,
    write_report,
)
from syncfusion.experiments.conditions import KnownHit, Request, collect_hits, make_request
from syncfusion.experiments.distances import add_distances, hits_of
from syncfusion.experiments.render_set import render_set
from syncfusion.experiments.resources import Resources
from syncfusion.experiments.row import TableRow
from syncfusion.progress import Progress, ignore

KINDS: dict[str, Literal["model", "control", "recording"]] = {
    "trained": "model",
    "random": "control",
    "none": "recording",
}
VERSIONS = ("syncfusion", "torch", "librosa", "mir_eval", "scikit-learn", "pyloudnorm")


def make_table(
    rows: Sequence[TableRow],
    *,
    title: str,
    vggish: Path | None = None,
    about: Mapping[str, Any] | None = None,
    progress: Progress = ignore,
) -> Evaluation:
    """Render and score the sounds of all rows.

    Args:
        rows: rows of one protocol; a row that fails has a problem and no clips.
        title: title of the table; rows without clips are named behind it.
        vggish: file of the VGGish weights; ignored if missing.
        about: additional entries of ``Evaluation.about``.
        progress: called during rendering and scoring.

    Returns:
        The table, with tests of every pair of rows.

    Raises:
        InputError: if the rows' protocols differ, names collide, or no row has a clip.
    """
    protocol = rows[0].protocol
    if any(row.protocol != protocol for row in rows):
        raise InputError("the rows have different protocols; give protocol=NAME for all of them")
    if len({row.folder for row in rows}) < len(rows):
        raise InputError("two rows have the same name; call one of them row=NAME")
    resources = Resources(vggish)
    systems = [_system_or_problem(row, resources, progress) for row in rows]
    return evaluation(
        systems,
        title=title + _without(systems),
        protocol=str(protocol),
        about={"label accuracy": resources.training(rows[0]).about} | dict(about or {}),
    )


def evaluation(
    systems: Sequence[SystemResult], *, title: str, protocol: str, about: Mapping[str, Any]
) -> Evaluation:
    """Combine systems to an evaluation; raise InputError if none has a clip."""
    check_scored(systems)
    versions = {name: version(name) for name in VERSIONS}
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Evaluation(
        title=title,
        protocol=protocol,
        systems=tuple(systems),
        comparisons=compare_systems(systems),
        about={"date": now, "versions": versions, **about},
    )


def _without(systems: Sequence[SystemResult]) -> str:
    """Return the end of a title that names the rows without clips."""
    missing = [system.name for system in systems if not system.clips]
    return f" (without {'; '.join(missing)})" if missing else ""


def check_scored(systems: Sequence[SystemResult]) -> None:
    """Raise the first problem as InputError if no system has a scored clip."""
    if not any(system.clips for system in systems):
        problems = [problem for system in systems for problem in system.problems]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise InputError(f"nothing is left to score: {problems[0]}{more}")


def write_evaluation(found: Evaluation, folder: Path, *, report: bool = True) -> list[Path]:
    """Write ``metrics.json``, ``metrics.csv`` and ``report.html``.

    Args:
        found: the evaluation.
        folder: output folder; created if missing.
        report: whether to write the report.

    Returns:
        The paths of the files.
    """
    write_metrics(found, folder)
    written = [folder / "metrics.json", folder / "metrics.csv"]
    if report:
        written.append(folder / "report.html")
        write_report(found, written[-1])
    return written


def _system_or_problem(row: TableRow, resources: Resources, progress: Progress) -> SystemResult:
    try:
        return _system(row, resources, progress)
    except InputError as error:
        return SystemResult(name=row.name, settings={}, clips=(), problems=(str(error),))


def _system(row: TableRow, resources: Resources, progress: Progress) -> SystemResult:
    requests, problems = _requests(row, resources)
    renderer = resources.renderer(row)
    paths = render_set(
        renderer, requests, row.folder, batch_size=row.batch_size, progress=_named(progress, row)
    )
    scorer = Scorer(
        excerpt=row.protocol.excerpt,
        encoder=resources.pipeline(row).prompts,
        classifiers=resources.training(row).classifiers,
    )
    own = row.weights == "none"
    candidates = {
        r.target.name: Candidate(paths[r.target.name], r.prompt, "" if own else r.label, r.onsets)
        for r in requests
    }
    targets = [request.target for request in requests]
    system = score_system(
        row.name,
        targets,
        candidates,
        scorer,
        settings={"condition": asdict(row.condition), "made": dict(renderer.about)},
        problems=problems,
        kind=KINDS[row.weights],
        progress=progress,
    )
    recorded = resources.recorded_hits(row, targets)
    if own:
        return with_halves_distance(system, hits_of(system, recorded))
    return add_distances(system, targets, scorer, recorded, resources.embedders)


def _requests(row: TableRow, resources: Resources) -> tuple[list[Request], list[str]]:
    """Return the clips to render, and one sentence per clip that was left out."""
    test = resources.test_set(row)
    known: dict[str, list[KnownHit]] = {}
    if row.condition.prompt == "other":
        known = {label: list(hits) for label, hits in resources.training(row).known.items()}
        for recording in test.recordings:
            collect_hits(recording, known)
    make = partial(make_request, condition=row.condition, protocol=row.protocol, hits=known)
    requests, problems = [], list(test.problems)
    for recording in test.recordings:
        video = test.videos.get(recording.name)
        if row.condition.onsets == "predicted" and recording.predicted is None and video:
            recording = recording._replace(predicted=resources.pipeline(row).detect(video))
        try:
            requests.append(make(recording, video=video))
        except InputError as error:
            problems.append(f"{error}; left out")
    return requests, problems


def _named(progress: Progress, row: TableRow) -> Progress:
    return lambda stage, done, total: progress(f"{stage}: {row.name}", done, total)

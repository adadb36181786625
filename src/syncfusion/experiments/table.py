"""A table: its rows made, judged, compared, and written down."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from syncfusion.errors import InputError
from syncfusion.evaluation import (
    Evaluation,
    Judge,
    SystemResult,
    Take,
    Target,
    compare_systems,
    read_judged,
    score_system,
    with_distances,
    with_halves_distance,
    with_hit_distances,
    write_metrics,
)
from syncfusion.experiments.bench import Bench
from syncfusion.experiments.conditions import KnownHit, Request, collect_hits, make_request
from syncfusion.experiments.render_set import render_set
from syncfusion.experiments.row import Row
from syncfusion.hits import Hit, cut_hits
from syncfusion.progress import Progress, ignore

REPORT = "syncfusion.evaluation.report.html"
VERSIONS = ("syncfusion", "torch", "librosa", "mir_eval", "scikit-learn", "pyloudnorm")


def make_table(
    rows: Sequence[Row],
    *,
    title: str,
    vggish: Path | None = None,
    about: Mapping[str, Any] | None = None,
    progress: Progress = ignore,
) -> Evaluation:
    """Make and judge the sounds of all rows.

    Args:
        rows: of one protocol; one that cannot be made is left without clips, and says why.
        title: of the table.
        vggish: weights, for one more Fréchet distance where they are there.
        about: what else to say of the table.
        progress: told what is made and judged.

    Returns:
        The table, with every pair of rows tested.

    Raises:
        InputError: if the rows' protocols or names do not fit together, or none has a clip left.
    """
    protocol = rows[0].protocol
    if any(row.protocol != protocol for row in rows):
        raise InputError("the rows have different protocols; give protocol=NAME for all of them")
    if len({row.folder for row in rows}) < len(rows):
        raise InputError("two rows have the same name; call one of them row=NAME")
    bench = Bench(vggish)
    systems = [_made_or_told(row, bench, progress) for row in rows]
    return evaluation(
        systems,
        title=title,
        protocol=str(protocol),
        about={"hits named": bench.training(rows[0]).about} | dict(about or {}),
    )


def evaluation(
    systems: Sequence[SystemResult], *, title: str, protocol: str, about: Mapping[str, Any]
) -> Evaluation:
    """Put systems together; an InputError says why where none has a clip left."""
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


def check_scored(systems: Sequence[SystemResult]) -> None:
    """Fail with the first problem where no system has a clip that could be judged."""
    if not any(system.clips for system in systems):
        problems = [problem for system in systems for problem in system.problems]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise InputError(f"nothing is left to score: {problems[0]}{more}")


def write_evaluation(found: Evaluation, folder: Path) -> list[Path]:
    """Write metrics and, where there is a report, that; return the names of the files."""
    write_metrics(found, folder)
    written = [folder / "metrics.json", folder / "metrics.csv"]
    if find_spec(REPORT) is not None:
        written.append(folder / "report.html")
        import_module(REPORT).write_report(found, written[-1])
    return written


def _made_or_told(row: Row, bench: Bench, progress: Progress) -> SystemResult:
    try:
        return _system(row, bench, progress)
    except InputError as error:
        return SystemResult(name=row.name, settings={}, clips=(), problems=(str(error),))


def _system(row: Row, bench: Bench, progress: Progress) -> SystemResult:
    requests, problems = _requests(row, bench)
    maker = bench.maker(row)
    paths = render_set(
        maker, requests, row.folder, batch_size=row.batch_size, progress=_named(progress, row)
    )
    judge = Judge(
        excerpt=row.protocol.excerpt,
        encoder=bench.pipeline(row).prompts,
        classifiers=bench.training(row).classifiers,
    )
    own = row.weights == "none"
    takes = {
        r.target.name: Take(paths[r.target.name], r.prompt, "" if own else r.label, r.given)
        for r in requests
    }
    targets = [request.target for request in requests]
    system = score_system(
        row.name,
        targets,
        takes,
        judge,
        settings={"condition": asdict(row.condition), "made": dict(maker.about)},
        problems=problems,
        progress=progress,
    )
    if own:
        return with_halves_distance(system, recorded_hits(system, targets))
    return add_distances(system, targets, judge, bench)


def add_distances(
    system: SystemResult, targets: Sequence[Target], judge: Judge, bench: Bench
) -> SystemResult:
    """Add the Fréchet distances between a system's sounds and the recordings of the same clips.

    Args:
        system: judged.
        targets: of its clips and others.
        judge: says which part of a sound counts.
        bench: has the embedders.

    Returns:
        The system; as it was where no recording has a sound.
    """
    by_name = {target.name: target for target in targets if target.sound is not None}
    clips = [clip for clip in system.clips if clip.name in by_name]
    if not clips:
        return system
    judged = [
        hit
        for clip in clips
        for hit in cut_hits(read_judged(clip.sound).sound, clip.heard, clip.name)
    ]
    system = with_hit_distances(system, recorded_hits(system, targets), judged)
    return with_distances(
        system,
        lambda: (
            judge.excerpt_of(sound, by_name[clip.name])
            for clip in clips
            if (sound := by_name[clip.name].sound) is not None
        ),
        lambda: (
            judge.excerpt_of(read_judged(clip.sound).sound, by_name[clip.name]) for clip in clips
        ),
        bench.embedders,
    )


def recorded_hits(system: SystemResult, targets: Sequence[Target]) -> list[Hit]:
    """Return the hits of the recordings of a system's clips, where they are annotated."""
    names = {clip.name for clip in system.clips}
    return [
        hit
        for target in targets
        if target.sound is not None and target.name in names
        for hit in cut_hits(target.sound, target.wanted, target.name)
    ]


def _requests(row: Row, bench: Bench) -> tuple[list[Request], list[str]]:
    """Return what to make, and what is left out."""
    test = bench.test_set(row)
    known: dict[str, list[KnownHit]] = {}
    if row.condition.prompt == "other":
        known = {label: list(hits) for label, hits in bench.training(row).known.items()}
        for recording in test.recordings:
            collect_hits(recording, known)
    make = partial(make_request, condition=row.condition, protocol=row.protocol, hits=known)
    requests, problems = [], list(test.problems)
    for recording in test.recordings:
        video = test.videos.get(recording.name)
        if row.condition.onsets == "predicted" and recording.predicted is None and video:
            recording = recording._replace(predicted=bench.pipeline(row).detect(video))
        try:
            requests.append(make(recording, video=video))
        except InputError as error:
            problems.append(f"{error}; left out")
    return requests, problems


def _named(progress: Progress, row: Row) -> Progress:
    return lambda stage, done, total: progress(f"{stage}: {row.name}", done, total)

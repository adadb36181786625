"""Results of an evaluation: metrics of clips, of systems, and of pairs of systems.

A *system* is one way to get sound for the clips: a row of a table. Metrics of single clips
(synchrony, envelope distance) are reported as means with intervals; metrics of whole sets (Fréchet
distance) exist once per system.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any, Literal, NamedTuple

from syncfusion.evaluation.metrics import COMPARED
from syncfusion.evaluation.statistics import Interval, PairedTest, Summary, paired_test, summary
from syncfusion.track import OnsetTrack


@dataclass(frozen=True, kw_only=True)
class ClipResult:
    """One sound of one system.

    Args:
        name: name of the clip; the same in all systems.
        sound: the scored file.
        video: video to show it with; None for none.
        reference: the annotated onsets.
        estimate: the onsets detected in the sound, with confidences.
        metrics: values by their names in ``metrics.METRICS``; None where undefined.
    """

    name: str
    sound: Path
    video: Path | None
    reference: OnsetTrack
    estimate: OnsetTrack
    metrics: Mapping[str, float | None]


@dataclass(frozen=True, kw_only=True)
class SetMetric:
    """A metric of a whole set of sounds.

    Args:
        value: the value; None if it could not be computed.
        n: number of sounds.
        interval: 95 % interval; None if unknown.
        about: its inputs: embedder, weights, dtype, versions of libraries.
    """

    value: float | None
    n: int
    interval: Interval | None = None
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SystemResult:
    """All sounds of one system.

    Args:
        name: name of the row.
        settings: settings its sounds were rendered with, as far as known.
        clips: the scored clips, in order.
        set_metrics: metrics of the whole set, by name.
        problems: one sentence per omission or anomaly.
        kind: "model", or "control" (random weights) or "recording" for yardsticks, which are never
            marked as best.
    """

    name: str
    settings: Mapping[str, Any]
    clips: tuple[ClipResult, ...]
    set_metrics: Mapping[str, SetMetric] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    kind: Literal["model", "control", "recording"] = "model"

    def summaries(self) -> dict[str, Summary]:
        """Return mean, 95 % interval and N of every metric of the clips."""
        names = dict.fromkeys(name for clip in self.clips for name in clip.metrics)
        return {name: summary(clip.metrics.get(name) for clip in self.clips) for name in names}


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two systems compared by one metric on their shared clips.

    Args:
        metric: name of the metric.
        first: name of the first system.
        second: name of the second system.
        test: difference of the means and p-value.
    """

    metric: str
    first: str
    second: str
    test: PairedTest


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """A table and its inputs.

    Args:
        title: title of the table.
        protocol: how sounds were cut and scored, in words.
        systems: the rows.
        comparisons: tests of every pair of rows by the main metrics.
        about: versions, date, command.
    """

    title: str
    protocol: str
    systems: tuple[SystemResult, ...]
    comparisons: tuple[Comparison, ...] = ()
    about: Mapping[str, Any] = field(default_factory=dict)


class GroupedProblem(NamedTuple):
    """One problem with all clips and systems that have it.

    Args:
        sentence: the problem.
        clips: clips or files with the problem; empty for a problem of the systems themselves.
        systems: names of the systems.
        is_of_all: whether these are all systems, of at least two.
    """

    sentence: str
    clips: list[str]
    systems: list[str]
    is_of_all: bool


def grouped_problems(systems: Sequence[SystemResult]) -> list[GroupedProblem]:
    """Return each problem once, in order of first appearance.

    Args:
        systems: systems with problems of the form "sentence" or "clip or file: sentence".

    Returns:
        One entry per sentence and set of systems.
    """
    owners: dict[tuple[str, str], list[str]] = {}  # (sentence, clip) -> systems
    for system in systems:
        for problem in dict.fromkeys(system.problems):
            clip, _, sentence = problem.rpartition(": ")
            owners.setdefault((sentence, clip), []).append(system.name)
    groups: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (sentence, clip), names in owners.items():
        groups.setdefault((sentence, tuple(names)), []).extend([clip] if clip else [])
    return [
        GroupedProblem(sentence, clips, list(names), len(names) == len(systems) > 1)
        for (sentence, names), clips in groups.items()
    ]


def compare_systems(systems: Sequence[SystemResult]) -> tuple[Comparison, ...]:
    """Test every pair of systems by the metrics of ``COMPARED``.

    Args:
        systems: systems scored on the same clips or subsets of them.

    Returns:
        The tests; none for a pair and metric without a shared clip.
    """
    tests = []
    for first, second in combinations(systems, 2):
        for metric in COMPARED:
            pairs = _pairs(_values(first, metric), _values(second, metric))
            if pairs:
                test = paired_test(*zip(*pairs, strict=True))
                tests.append(
                    Comparison(metric=metric, first=first.name, second=second.name, test=test)
                )
    return tuple(tests)


def _values(system: SystemResult, metric: str) -> dict[str, float]:
    values = {clip.name: clip.metrics.get(metric) for clip in system.clips}
    return {name: value for name, value in values.items() if value is not None}


def _pairs(first: dict[str, float], second: dict[str, float]) -> list[tuple[float, float]]:
    return [(value, second[name]) for name, value in first.items() if name in second]

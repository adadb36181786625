"""Curves of a system's onsets as numbers, for charts."""

import itertools
from collections.abc import Sequence
from statistics import fmean
from typing import NamedTuple

import numpy as np

from syncfusion.evaluation.results import ClipResult
from syncfusion.evaluation.statistics import Interval
from syncfusion.evaluation.sync import ranked_onsets
from syncfusion.onset import TOLERANCE, event_scores, time_offsets

TOLERANCES_MS = tuple(range(10, 201, 10))
OFFSET_BIN_MS = 10


class Point(NamedTuple):
    """A point of a curve, with the 95 % interval of ``y`` if there is one."""

    x: float
    y: float
    interval: Interval | None = None


def onset_f(clip: ClipResult, *, tolerance: float = TOLERANCE) -> float:
    """Return the onset F-measure of one sound against its annotation."""
    return event_scores(clip.reference, clip.estimate, tolerance=tolerance).f_measure


def f_against_tolerance(clips: Sequence[ClipResult]) -> list[Point]:
    """Return mean onset F over clips per tolerance in ms; empty without clips."""
    if not clips:
        return []
    return [
        Point(tolerance, fmean(onset_f(clip, tolerance=tolerance / 1000) for clip in clips))
        for tolerance in TOLERANCES_MS
    ]


def offset_histogram(clips: Sequence[ClipResult]) -> list[Point]:
    """Return the percentage of matched onsets per offset in ms, estimate minus reference.

    Points are at the centres of bins between minus and plus the tolerance of a match. The result is
    empty without a match.
    """
    offsets = [
        1000 * offset for clip in clips for offset in time_offsets(clip.reference, clip.estimate)
    ]
    if not offsets:
        return []
    reach = 1000 * TOLERANCE
    edges = np.linspace(-reach, reach, round(2 * reach / OFFSET_BIN_MS) + 1)
    counts, _ = np.histogram(np.clip(offsets, -reach, reach), edges)
    centres = (edges[:-1] + edges[1:]) / 2
    return [
        Point(float(centre), 100 * float(count) / len(offsets))
        for centre, count in zip(centres, counts, strict=True)
    ]


def precision_recall(clips: Sequence[ClipResult]) -> list[Point]:
    """Return precision over recall of the onsets of all clips, by falling confidence.

    Onsets of equal confidence make one point. The result is empty without reference onsets.
    """
    n_reference = sum(len(clip.reference) for clip in clips)
    if not n_reference:
        return []
    ranked = [onset for clip in clips for onset in ranked_onsets(clip.reference, clip.estimate)]
    ranked.sort(key=lambda onset: -onset.confidence)
    points, n_matches, n_estimate = [], 0, 0
    for _, equals in itertools.groupby(ranked, key=lambda onset: onset.confidence):
        matches = [onset.is_match for onset in equals]
        n_matches, n_estimate = n_matches + sum(matches), n_estimate + len(matches)
        points.append(Point(n_matches / n_reference, n_matches / n_estimate))
    return points

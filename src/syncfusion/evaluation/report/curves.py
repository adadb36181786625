"""Curves of a system's onsets, as plain numbers that a chart can draw."""

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
    """A place on a curve, with the 95 % interval of ``y`` where there is one."""

    x: float
    y: float
    interval: Interval | None = None


def onset_f(clip: ClipResult, *, tolerance: float = TOLERANCE) -> float:
    """Return the onset F-measure of one sound against its annotation."""
    return event_scores(clip.wanted, clip.heard, tolerance=tolerance).f_measure


def f_against_tolerance(clips: Sequence[ClipResult]) -> list[Point]:
    """Return mean onset F over clips at each tolerance in ms; none without clips."""
    if not clips:
        return []
    return [
        Point(tolerance, fmean(onset_f(clip, tolerance=tolerance / 1000) for clip in clips))
        for tolerance in TOLERANCES_MS
    ]


def offset_histogram(clips: Sequence[ClipResult]) -> list[Point]:
    """Return the share, in percent, of all matched onsets that come so many ms late.

    Points stand at the middle of bins between minus and plus the tolerance of a match; none where
    nothing matched.
    """
    offsets = [1000 * late for clip in clips for late in time_offsets(clip.wanted, clip.heard)]
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
    """Return precision over recall of the onsets of all clips, from the clearest heard one down.

    Onsets of equal confidence make one point; none where nothing is wanted.
    """
    n_wanted = sum(len(clip.wanted) for clip in clips)
    if not n_wanted:
        return []
    ranked = [onset for clip in clips for onset in ranked_onsets(clip.wanted, clip.heard)]
    ranked.sort(key=lambda onset: -onset.confidence)
    points, n_right, n_heard = [], 0, 0
    for _, equals in itertools.groupby(ranked, key=lambda onset: onset.confidence):
        right = [onset.right for onset in equals]
        n_right, n_heard = n_right + sum(right), n_heard + len(right)
        points.append(Point(n_right / n_wanted, n_right / n_heard))
    return points

"""The table of stage 1: every figure over the whole split, the published one beside it.

====================== =========================================================================
figure                 over the whole split
====================== =========================================================================
weighted cross-entropy of all frames, onsets weighted by how often others outnumber them
average precision      of all frames
accuracy               of all frames at the decoder's threshold; onset and other frames count half
number of onsets       share of whole 2 s chunks with as many onsets picked as annotated
not scored …           batches without onsets: left out of the published figures above
F, precision, recall   onsets matched one to one within a tolerance; mean over videos
found late by          picked minus annotated time of the onsets matched within 0.1 s, in ms
regular grid, …        what rhythm or motion alone would score
====================== =========================================================================

Frames are labelled where an onset falls in them. As published: see ``evaluation.paper``.
"""

from collections.abc import Sequence
from statistics import fmean
from typing import NamedTuple

import torch

from syncfusion.evaluation.detector.judgement import Judgement
from syncfusion.evaluation.paper import PublishedOnsetScores, table_1, truncated_chunk_labels
from syncfusion.evaluation.statistics import Interval, summary
from syncfusion.onset import (
    Decoding,
    average_precision,
    balanced_accuracy,
    chunks_counted_right,
    difference_peaks,
    event_scores,
    frame_labels,
    logits_of,
    onset_loss,
    regular_grid,
    time_offsets,
)
from syncfusion.track import OnsetTrack

TOLERANCES = (0.1, 0.05)  # seconds
UNSCORED = "not scored as published"  # batches without onsets, where the published code stops
SHOWN = {"f_measure": "F", "precision": "precision", "recall": "recall"}


class Row(NamedTuple):
    """One figure.

    Args:
        name: what it is.
        value: over the whole split.
        interval: 95 %, by drawing videos again; None where videos have no figure of their own.
        n: how many things it is over.
        unit: what these are.
        published: the same by the published arithmetic; None where that has none.
    """

    name: str
    value: float
    interval: Interval | None
    n: int
    unit: str
    published: float | None = None


def onset_table(judgements: Sequence[Judgement], decoding: Decoding) -> list[Row]:
    """Return the figures of a detector on a split, and of the two baselines.

    Args:
        judgements: of all clips of the split, in order; at least one.
        decoding: how their onsets were picked.

    Returns:
        Frame by frame, chunk by chunk, event by event.
    """
    annotated = [judgement.clip.track for judgement in judgements]
    found = [judgement.found for judgement in judgements]
    pairs = list(zip(annotated, found, strict=True))
    published = _published(judgements)
    rows = _frame_rows(judgements, decoding.threshold, published)
    rows += _chunk_rows(judgements, published)
    rows += [row for tolerance in TOLERANCES for row in _event_rows("", pairs, tolerance)]
    offsets = [1000 * offset for pair in pairs for offset in time_offsets(*pair)]
    if offsets:
        rows.append(Row("found late by (ms)", fmean(offsets), None, len(offsets), "onsets"))
    for name, tracks in _baselines(judgements).items():
        pairs = list(zip(annotated, tracks, strict=True))
        rows += [_event_rows(f"{name} ", pairs, tolerance)[0] for tolerance in TOLERANCES]
    return rows


def clip_scores(judgement: Judgement) -> dict[str, str | int | float]:
    """Return what ``videos.csv`` says of one clip."""
    found, annotated = judgement.found, judgement.clip.track
    row = {"name": judgement.clip.name, "annotated": len(annotated), "found": len(found)}
    for tolerance in TOLERANCES:
        scores = event_scores(annotated, found, tolerance=tolerance)
        row |= {_event_name(field, tolerance): getattr(scores, field) for field in SHOWN}
    return row


def _frame_rows(
    judgements: Sequence[Judgement], threshold: float, published: PublishedOnsetScores
) -> list[Row]:
    probabilities = torch.cat([judgement.probabilities for judgement in judgements])
    labels = torch.cat(
        [frame_labels(j.clip.track, fps=j.clip.fps, n_frames=len(j.clip)) for j in judgements]
    )
    loss = onset_loss(logits_of(probabilities), labels, positive_weight="balanced").item()
    precision = average_precision(probabilities, labels)
    accuracy = balanced_accuracy(probabilities, labels, threshold=threshold)
    n = len(labels)
    return [
        Row("weighted cross-entropy", loss, None, n, "frames", published.loss),
        Row("average precision", precision, None, n, "frames", published.average_precision),
        Row("accuracy", accuracy, None, n, "frames", published.accuracy),
    ]


def _chunk_rows(judgements: Sequence[Judgement], published: PublishedOnsetScores) -> list[Row]:
    right = torch.cat(
        [
            chunks_counted_right(j.clip.track, j.found, n_chunks=len(j.chunk_logits))
            for j in judgements
        ]
    )
    share, number = right.double().mean().item(), published.same_number
    rows = [Row("number of onsets", share, None, len(right), "chunks", number)]
    unscored, n = published.n_without_onsets, published.n_batches
    return rows + [Row(UNSCORED, unscored, None, n, "batches")] if unscored else rows


def _published(judgements: Sequence[Judgement]) -> PublishedOnsetScores:
    labels = [
        truncated_chunk_labels(j.clip.track, fps=j.clip.fps, n_chunks=len(j.chunk_logits))
        for j in judgements
    ]
    return table_1(torch.cat([j.chunk_logits for j in judgements]), torch.cat(labels))


def _event_rows(
    prefix: str, pairs: Sequence[tuple[OnsetTrack, OnsetTrack]], tolerance: float
) -> list[Row]:
    scores = [event_scores(*pair, tolerance=tolerance) for pair in pairs]
    rows = []
    for field in SHOWN:
        over = summary([getattr(score, field) for score in scores])
        name = prefix + _event_name(field, tolerance)
        rows.append(Row(name, over.mean or 0.0, over.interval, over.n, "videos"))
    return rows


def _event_name(field: str, tolerance: float) -> str:
    return f"{SHOWN[field]} ±{1000 * tolerance:.0f} ms"


def _baselines(judgements: Sequence[Judgement]) -> dict[str, list[OnsetTrack]]:
    clips = [judgement.clip for judgement in judgements]
    return {
        "regular grid": [regular_grid(clip.track, duration=clip.duration) for clip in clips],
        "frame difference": [
            difference_peaks(clip.batches(), fps=clip.fps, duration=clip.duration) for clip in clips
        ],
    }

"""The table of stage 1: every metric over the whole split, with the published one beside it.

====================== =========================================================================
metric                 over the whole split
====================== =========================================================================
weighted cross-entropy of all frames; weight of onset frames: ratio of other to onset frames
average precision      of all frames
accuracy               of all frames at the decoder's threshold; mean over onset and other frames
number of onsets       fraction of complete 2 s chunks with equally many reference and estimate
not scored …           batches without onsets, which the published metrics above leave out
F, precision, recall   onsets matched one to one within a tolerance; mean over videos
mean offset            estimate minus reference time of onsets matched within 0.1 s, in ms
regular grid, …        scores of baselines that use rhythm or motion alone
====================== =========================================================================

The label of a frame is 1 if an onset falls into it. For the published metrics see
``evaluation.paper``.
"""

from collections.abc import Sequence
from statistics import fmean
from typing import NamedTuple

import torch

from syncfusion.evaluation.detector.predictions import ClipPrediction
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
UNSCORED = "not scored as published"  # batches without onsets: the published code stops there
SHOWN = {"f_measure": "F", "precision": "precision", "recall": "recall"}


class DetectorMetric(NamedTuple):
    """One metric of the detector.

    Args:
        name: title of the metric.
        value: its value over the whole split.
        interval: 95 % bootstrap interval over videos; None for metrics without a value per video.
        n: number of items the value is computed from.
        unit: kind of these items ("frames", "videos").
        published: the value by the published arithmetic; None where that has none.
    """

    name: str
    value: float
    interval: Interval | None
    n: int
    unit: str
    published: float | None = None


def onset_table(clips: Sequence[ClipPrediction], decoding: Decoding) -> list[DetectorMetric]:
    """Return the metrics of a detector and of two baselines on a split.

    Args:
        clips: predictions for all clips of the split, in order; at least one.
        decoding: settings of the onset decoder.

    Returns:
        The metrics over frames, over chunks and over events, in this order.
    """
    pairs = [(each.clip.track, each.estimate) for each in clips]
    published = _published(clips)
    rows = _frame_rows(clips, decoding.threshold, published)
    rows += _chunk_rows(clips, published)
    rows += [row for tolerance in TOLERANCES for row in _event_rows("", pairs, tolerance)]
    offsets = [1000 * offset for pair in pairs for offset in time_offsets(*pair)]
    if offsets:
        mean = fmean(offsets)
        rows.append(DetectorMetric("mean offset (ms)", mean, None, len(offsets), "onsets"))
    for name, tracks in _baselines(clips).items():
        pairs = [(each.clip.track, track) for each, track in zip(clips, tracks, strict=True)]
        rows += [_event_rows(f"{name} ", pairs, tolerance)[0] for tolerance in TOLERANCES]
    return rows


def clip_scores(prediction: ClipPrediction) -> dict[str, str | int | float]:
    """Return one clip's line of ``videos.csv``."""
    reference, estimate = prediction.clip.track, prediction.estimate
    row: dict[str, str | int | float] = {"name": prediction.clip.name}
    row |= {"n_reference": len(reference), "n_estimate": len(estimate)}
    for tolerance in TOLERANCES:
        scores = event_scores(reference, estimate, tolerance=tolerance)
        row |= {_event_name(field, tolerance): getattr(scores, field) for field in SHOWN}
    return row


def _frame_rows(
    clips: Sequence[ClipPrediction], threshold: float, published: PublishedOnsetScores
) -> list[DetectorMetric]:
    probabilities = torch.cat([each.probabilities for each in clips])
    labels = torch.cat(
        [
            frame_labels(each.clip.track, fps=each.clip.fps, n_frames=len(each.clip))
            for each in clips
        ]
    )
    loss = onset_loss(logits_of(probabilities), labels, positive_weight="balanced").item()
    precision = average_precision(probabilities, labels)
    accuracy = balanced_accuracy(probabilities, labels, threshold=threshold)
    n = len(labels)
    return [
        DetectorMetric("weighted cross-entropy", loss, None, n, "frames", published.loss),
        DetectorMetric(
            "average precision", precision, None, n, "frames", published.average_precision
        ),
        DetectorMetric("accuracy", accuracy, None, n, "frames", published.accuracy),
    ]


def _chunk_rows(
    clips: Sequence[ClipPrediction], published: PublishedOnsetScores
) -> list[DetectorMetric]:
    is_equal = torch.cat(
        [
            chunks_counted_right(each.clip.track, each.estimate, n_chunks=len(each.chunk_logits))
            for each in clips
        ]
    )
    fraction, n_chunks = is_equal.double().mean().item(), len(is_equal)
    rows = [
        DetectorMetric(
            "number of onsets", fraction, None, n_chunks, "chunks", published.same_number
        )
    ]
    unscored, n = published.n_without_onsets, published.n_batches
    return rows + [DetectorMetric(UNSCORED, unscored, None, n, "batches")] if unscored else rows


def _published(clips: Sequence[ClipPrediction]) -> PublishedOnsetScores:
    labels = [
        truncated_chunk_labels(each.clip.track, fps=each.clip.fps, n_chunks=len(each.chunk_logits))
        for each in clips
    ]
    return table_1(torch.cat([each.chunk_logits for each in clips]), torch.cat(labels))


def _event_rows(
    prefix: str, pairs: Sequence[tuple[OnsetTrack, OnsetTrack]], tolerance: float
) -> list[DetectorMetric]:
    scores = [event_scores(*pair, tolerance=tolerance) for pair in pairs]
    rows = []
    for field in SHOWN:
        over = summary([getattr(score, field) for score in scores])
        name = prefix + _event_name(field, tolerance)
        rows.append(DetectorMetric(name, over.mean or 0.0, over.interval, over.n, "videos"))
    return rows


def _event_name(field: str, tolerance: float) -> str:
    return f"{SHOWN[field]} ±{1000 * tolerance:.0f} ms"


def _baselines(clips: Sequence[ClipPrediction]) -> dict[str, list[OnsetTrack]]:
    opened = [each.clip for each in clips]
    return {
        "regular grid": [regular_grid(clip.track, duration=clip.duration) for clip in opened],
        "frame difference": [
            difference_peaks(clip.batches(), fps=clip.fps, duration=clip.duration)
            for clip in opened
        ],
    }

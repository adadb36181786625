"""Metrics of estimated onsets, and trivial baselines.

Times are in seconds. Precision, recall and F are 0 if one track is empty and 1 if both are.
"""

from collections.abc import Iterable
from typing import NamedTuple

import mir_eval
import numpy as np
import torch
from jaxtyping import Bool, Float, Num
from torch import Tensor

from syncfusion.onset.decode import Decoding, decode_onsets
from syncfusion.onset.detect import FrameBatch
from syncfusion.timing import frame_index
from syncfusion.track import OnsetTrack

TOLERANCE = 0.1  # seconds; an annotation of Greatest Hits is a 1/15 s frame
CHUNK_SECONDS = 2.0  # in which onsets are counted; paper §3.1


class EventScores(NamedTuple):
    """F-measure, precision and recall, 0 to 1."""

    f_measure: float
    precision: float
    recall: float


VALIDATION_SCORES = tuple(f"val/{name}" for name in EventScores._fields)  # names in logs


def event_scores(
    reference: OnsetTrack, estimate: OnsetTrack, *, tolerance: float = TOLERANCE
) -> EventScores:
    """Match onsets one to one within a tolerance in seconds and score them (mir_eval)."""
    if not len(reference) and not len(estimate):
        return EventScores(1.0, 1.0, 1.0)
    if not len(reference) or not len(estimate):
        return EventScores(0.0, 0.0, 0.0)
    scores = mir_eval.onset.f_measure(_times(reference), _times(estimate), window=tolerance)
    return EventScores(*map(float, scores))


def time_offsets(
    reference: OnsetTrack, estimate: OnsetTrack, *, tolerance: float = TOLERANCE
) -> list[float]:
    """Return estimate minus reference in seconds for each match; positive if late."""
    pairs = matched_onsets(reference, estimate, tolerance=tolerance)
    return [estimate.times[theirs] - reference.times[ours] for ours, theirs in pairs]


def matched_onsets(
    reference: OnsetTrack, estimate: OnsetTrack, *, tolerance: float = TOLERANCE
) -> list[tuple[int, int]]:
    """Return the indices (reference, estimate) of each pair that ``event_scores`` matches."""
    pairs = mir_eval.util.match_events(_times(reference), _times(estimate), tolerance)
    return [(int(ours), int(theirs)) for ours, theirs in pairs]


def average_precision(
    probabilities: Float[Tensor, " frame"], labels: Num[Tensor, " frame"]
) -> float:
    """Return the area under the precision-recall curve over all frames of a split.

    Args:
        probabilities: of every frame of every clip of the split.
        labels: 1 where an onset falls in the frame, 0 elsewhere.

    Returns:
        0 to 1; a random detector gets the fraction of onset frames.
    """
    from sklearn.metrics import average_precision_score

    return float(average_precision_score(labels.numpy(), probabilities.numpy()))


def balanced_accuracy(
    probabilities: Float[Tensor, " frame"], labels: Num[Tensor, " frame"], *, threshold: float
) -> float:
    """Return the mean of the accuracies on onset frames and on other frames.

    Args:
        probabilities: of every frame of every clip of the split.
        labels: 1 where an onset falls in the frame, 0 elsewhere.
        threshold: lowest probability of an onset.

    Returns:
        The mean of the fraction of onset frames at or above the threshold and the fraction of other
        frames below it; 0.5 for constant probabilities. With frames of one kind only, the accuracy
        on these.
    """
    correct = (probabilities >= threshold) == labels.bool()
    accuracies = [correct[labels == kind].double().mean() for kind in labels.unique()]
    return float(torch.stack(accuracies).mean())


def chunks_counted_right(
    reference: OnsetTrack, estimate: OnsetTrack, *, n_chunks: int
) -> Bool[Tensor, " chunk"]:
    """Return, for each 2 s chunk of a clip, whether both tracks have equally many onsets in it.

    An estimate on the wrong side of an edge makes two chunks wrong. A time up to a thousandth of a
    chunk before an edge counts as past it, as in ``frame_index``.
    """
    chunks, estimated = (
        [frame_index(time, 1 / CHUNK_SECONDS) for time in track.times]
        for track in (reference, estimate)
    )
    return torch.tensor([chunks.count(n) == estimated.count(n) for n in range(n_chunks)]).bool()


def frame_labels(track: OnsetTrack, *, fps: float, n_frames: int) -> Float[Tensor, " frame"]:
    """Return 1 for each frame an onset falls in, 0 elsewhere (paper §3.1)."""
    labels = torch.zeros(n_frames)
    for onset in track:
        labels[min(frame_index(onset.time, fps), n_frames - 1)] = 1.0
    return labels


def regular_grid(reference: OnsetTrack, *, duration: float) -> OnsetTrack:
    """Return as many onsets as the reference has, evenly spaced: the baseline of steady rhythm."""
    count = len(reference)
    return OnsetTrack([duration * (n + 0.5) / count for n in range(count)], duration)


def difference_peaks(
    frame_batches: Iterable[FrameBatch], *, fps: float, duration: float
) -> OnsetTrack:
    """Return the peaks of the difference between consecutive frames: the baseline of motion.

    A peak is at least 0.8 times the median difference and 0.2 s from the next. These values were
    the best of a search over thresholds and gaps on real clips.
    """
    changes, last = [torch.zeros(1)], None
    for batch in frame_batches:
        frames = batch.float() if last is None else torch.cat([last, batch.float()])
        changes.append(frames.diff(dim=0).abs().mean(dim=(1, 2, 3)))
        last = frames[-1:]
    motion = torch.cat(changes)
    probabilities = motion / (motion + motion.median()).clamp(min=1e-6)
    decoding = Decoding(threshold=0.8 / 1.8, minimum_gap_seconds=0.2)
    return decode_onsets(probabilities, fps=fps, duration=duration, decoding=decoding)


def _times(track: OnsetTrack) -> np.ndarray:
    return np.array(track.times)

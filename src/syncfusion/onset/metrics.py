"""How good found onsets are, and how good trivial ones would be.

Times in seconds. Without onsets on one side precision, recall and F are 0; without any on both
sides they are 1, as nothing was missed.
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
    """Shares of onsets found right, 0 to 1."""

    f_measure: float
    precision: float
    recall: float


def event_scores(
    reference: OnsetTrack, estimate: OnsetTrack, *, tolerance: float = TOLERANCE
) -> EventScores:
    """Match onsets one to one within a tolerance and count (mir_eval)."""
    if not len(reference) and not len(estimate):
        return EventScores(1.0, 1.0, 1.0)
    if not len(reference) or not len(estimate):
        return EventScores(0.0, 0.0, 0.0)
    scores = mir_eval.onset.f_measure(_times(reference), _times(estimate), window=tolerance)
    return EventScores(*map(float, scores))


def time_offsets(
    reference: OnsetTrack, estimate: OnsetTrack, *, tolerance: float = TOLERANCE
) -> list[float]:
    """Return estimate minus reference for each matched pair; above 0 where the estimate is late."""
    pairs = matched_onsets(reference, estimate, tolerance=tolerance)
    return [estimate.times[found] - reference.times[wanted] for wanted, found in pairs]


def matched_onsets(
    reference: OnsetTrack, estimate: OnsetTrack, *, tolerance: float = TOLERANCE
) -> list[tuple[int, int]]:
    """Return the positions in both tracks of each pair that ``event_scores`` counts as right."""
    pairs = mir_eval.util.match_events(_times(reference), _times(estimate), tolerance)
    return [(int(wanted), int(found)) for wanted, found in pairs]


def average_precision(
    probabilities: Float[Tensor, " frame"], labels: Num[Tensor, " frame"]
) -> float:
    """Return the area under the precision-recall curve over all frames of a split.

    Args:
        probabilities: of every frame of every clip of the split.
        labels: 1 where an onset falls in the frame, 0 elsewhere.

    Returns:
        0 to 1; the share of onset frames where chance alone decides.
    """
    from sklearn.metrics import average_precision_score

    return float(average_precision_score(labels.numpy(), probabilities.numpy()))


def balanced_accuracy(
    probabilities: Float[Tensor, " frame"], labels: Num[Tensor, " frame"], *, threshold: float
) -> float:
    """Return how many frames are judged right where onset and other frames count for half each.

    Args:
        probabilities: of every frame of every clip of the split.
        labels: 1 where an onset falls in the frame, 0 elsewhere.
        threshold: the least probability of an onset.

    Returns:
        The mean of the share of onset frames at or above the threshold and the share of other
        frames below it; 0.5 for a detector that says the same of all frames. With frames of one
        kind only, their share alone.
    """
    right = (probabilities >= threshold) == labels.bool()
    shares = [right[labels == kind].double().mean() for kind in labels.unique()]
    return float(torch.stack(shares).mean())


def chunks_counted_right(
    reference: OnsetTrack, estimate: OnsetTrack, *, n_chunks: int
) -> Bool[Tensor, " chunk"]:
    """Return for each 2 s chunk of a clip whether as many onsets were found as are annotated.

    An onset found on the other side of an edge makes two chunks wrong; a time a hair before an
    edge lies behind it, as in ``frame_index``.
    """
    wanted, found = (
        [frame_index(time, 1 / CHUNK_SECONDS) for time in track.times]
        for track in (reference, estimate)
    )
    return torch.tensor([wanted.count(n) == found.count(n) for n in range(n_chunks)]).bool()


def frame_labels(track: OnsetTrack, *, fps: float, n_frames: int) -> Float[Tensor, " frame"]:
    """Return 1 for each frame an onset falls in, 0 elsewhere (paper §3.1)."""
    labels = torch.zeros(n_frames)
    for onset in track:
        labels[min(frame_index(onset.time, fps), n_frames - 1)] = 1.0
    return labels


def regular_grid(reference: OnsetTrack, *, duration: float) -> OnsetTrack:
    """Return as many onsets as the reference has, evenly spread: what rhythm alone is worth."""
    count = len(reference)
    return OnsetTrack([duration * (n + 0.5) / count for n in range(count)], duration)


def difference_peaks(
    frame_batches: Iterable[FrameBatch], *, fps: float, duration: float
) -> OnsetTrack:
    """Return the peaks of how much each frame differs from the one before: motion alone.

    A peak counts from 0.8 times the median motion on, 0.2 s apart: the best of a search over
    thresholds and gaps on real clips, so the rule is no straw man.
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

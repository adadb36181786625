"""The published evaluation of onset detection (table 1), accident for accident.

Kept so that published and new metrics can stand in one table; new work should use
``onset.metrics``. Every accident has a function of its own, whose name admits it:

===================================== ===========================================================
``truncated_chunk_labels``            times printed with four decimals are rounded down, so that
                                      almost half of the onsets (46 % of 1031 in Greatest Hits)
                                      are labelled a frame early
``batch_weighted_loss``               the weight is computed per batch: infinite for a batch
                                      without onsets
``first_negatives``                   scores see all onset frames of a batch and the *first* as
                                      many others
``accuracy_of_first_negatives``       at a threshold of its own, 0.75
``every_other_frame_of_runs``         in a run of frames above it every second counts as an onset
``times_above_half_a_logit``          the annotation written for stage 2 has a third threshold,
                                      0.5 on a logit (0.62), and keeps whole runs: the step that
                                      should thin them compares frame numbers with 1
``table_1``                           scores are not the split's but averaged over batches of 16
                                      chunks; one without onsets stops the test
===================================== ===========================================================

Chunks last 2 s and do not overlap; an incomplete chunk at a clip's end is not scored.

Source: the published repository's main/module_onset.py and main/dataset_onset.py.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

from syncfusion.onset import CHUNK_SECONDS, average_precision
from syncfusion.track import OnsetTrack

BATCH_CHUNKS = 16
SCORE_THRESHOLD = 0.75  # of probabilities, in the scores
ANNOTATION_THRESHOLD = 0.5  # of logits, in the onsets written to files
DECIMALS = 4  # of a time in the annotation written for stage 2

ChunkFrames = Float[Tensor, "chunk frame"]


class PublishedOnsetScores(NamedTuple):
    """The columns of table 1, each a mean over batches.

    Args:
        loss: weighted cross-entropy, 0 or more.
        average_precision: 0 to 1; about 0.5 for random scores.
        accuracy: 0 to 1; about 0.5 for random scores.
        same_number: fraction of chunks with equally many estimated and annotated onsets.
        n_batches: number of all batches.
        n_without_onsets: number of batches that only ``same_number`` includes, since the published
            code stops there; if all batches are such, the other three are nan.
    """

    loss: float
    average_precision: float
    accuracy: float
    same_number: float
    n_batches: int
    n_without_onsets: int


def truncated_chunk_labels(track: OnsetTrack, *, fps: float, n_chunks: int) -> ChunkFrames:
    """Return 1 for each frame that a time, relative to its chunk's start, is truncated to.

    Args:
        track: the annotation. At 15 fps, 2.1333 s (frame 32) is labelled in frame 31; 4.6 s (frame
            69) is 0.6 s minus a rounding error after its chunk's start, so it is labelled in 68.
        fps: frames per second.
        n_chunks: number of complete chunks of the clip; later onsets are left out.

    Returns:
        Ones and zeros.
    """
    labels = torch.zeros(n_chunks, int(CHUNK_SECONDS * fps))
    for number in range(n_chunks):
        start = number * CHUNK_SECONDS
        for time in track.times:
            if start <= time < start + CHUNK_SECONDS:
                labels[number, int((time - start) * fps)] = 1.0
    return labels


def batch_weighted_loss(logits: ChunkFrames, labels: ChunkFrames) -> float:
    """Return the cross-entropy, onset frames weighted by the ratio of other to onset frames."""
    weight = (labels.numel() - labels.sum()) / labels.sum()
    loss = functional.binary_cross_entropy_with_logits(logits, labels, pos_weight=weight)
    return float(loss)


def first_negatives(labels: ChunkFrames) -> Int[Tensor, " kept"]:
    """Return the scored frames of a batch: the onset frames and as many others, the first ones.

    Args:
        labels: 1 for onset frames, else 0.

    Returns:
        Indices into the flattened batch: onset frames, then others.
    """
    onsets, others = labels.flatten().nonzero()[:, 0], (labels.flatten() == 0).nonzero()[:, 0]
    count = min(len(onsets), len(others))
    return torch.cat([onsets[:count], others[:count]])


def average_precision_of_first_negatives(logits: ChunkFrames, labels: ChunkFrames) -> float:
    """Return the average precision of a batch with onsets over its ``first_negatives``."""
    kept = first_negatives(labels)
    return average_precision(logits.sigmoid().flatten()[kept], labels.flatten()[kept])


def accuracy_of_first_negatives(logits: ChunkFrames, labels: ChunkFrames) -> float:
    """Return the fraction of ``first_negatives`` that a threshold of 0.75 classifies correctly."""
    kept = first_negatives(labels)
    found = logits.sigmoid().flatten()[kept] > SCORE_THRESHOLD
    return float((found == labels.flatten()[kept].bool()).double().mean())


def every_other_frame_of_runs(estimate: Int[Tensor, "chunk frame"]) -> Int[Tensor, "chunk frame"]:
    """Drop each frame whose left neighbour is kept: 1 1 1 1 becomes 1 0 1 0."""
    kept = estimate.clone()
    for frame in range(1, kept.shape[1]):
        kept[:, frame] *= 1 - kept[:, frame - 1]
    return kept


def same_number_accuracy(logits: ChunkFrames, labels: ChunkFrames) -> float:
    """Return the fraction of chunks with as many ``every_other_frame_of_runs`` as labels."""
    estimate = every_other_frame_of_runs((logits.sigmoid() > SCORE_THRESHOLD).int())
    return float((estimate.sum(1) == labels.sum(1)).double().mean())


def times_above_half_a_logit(logits: ChunkFrames, *, fps: float) -> list[float]:
    """Return the onsets of one clip as the published test writes them for stage 2.

    Args:
        logits: logits of its chunks, in order.
        fps: frames per second.

    Returns:
        Times in seconds, one per frame of each run.
    """
    return [
        round((frame + int(chunk * CHUNK_SECONDS * fps)) / fps, DECIMALS)
        for chunk, frame in (logits > ANNOTATION_THRESHOLD).nonzero().tolist()
    ]


def table_1(logits: ChunkFrames, labels: ChunkFrames) -> PublishedOnsetScores:
    """Return the row of table 1.

    Args:
        logits: logits of all chunks of the split, clip by clip.
        labels: their labels, from ``truncated_chunk_labels``.

    Returns:
        The scores of batches of 16 chunks, averaged with the number of chunks as weight.
    """
    batches = list(zip(logits.split(BATCH_CHUNKS), labels.split(BATCH_CHUNKS), strict=True))
    scored = [batch for batch in batches if batch[1].any()]
    return PublishedOnsetScores(
        _mean(batch_weighted_loss, scored),
        _mean(average_precision_of_first_negatives, scored),
        _mean(accuracy_of_first_negatives, scored),
        _mean(same_number_accuracy, batches),
        len(batches),
        len(batches) - len(scored),
    )


def _mean(
    score: Callable[[ChunkFrames, ChunkFrames], float], batches: Sequence[tuple[Tensor, Tensor]]
) -> float:
    weighted = sum(len(batch[0]) * score(*batch) for batch in batches)
    n_chunks = sum(len(batch[0]) for batch in batches)
    return weighted / n_chunks if n_chunks else float("nan")

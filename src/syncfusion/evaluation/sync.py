"""Synchrony: how well the onsets detected in a sound match reference onsets.

Times are in seconds. If one list is empty, precision, recall and F are 0; if both are, they are 1.
The reference is an annotation or the onsets detected in a target sound; the published evaluation
uses the latter (``paper_sound``).
"""

from collections.abc import Sequence
from statistics import fmean
from typing import NamedTuple

import numpy as np

from syncfusion.media import Waveform
from syncfusion.onset import TOLERANCE, EventScores, event_scores, time_offsets
from syncfusion.track import OnsetTrack

ONSET_RATE = 22_050  # Hz; the rate of onset detection in the paper's evaluation


class Synchrony(NamedTuple):
    """Agreement of estimated with reference onsets.

    Args:
        within_25ms: precision, recall and F at a tolerance of 25 ms.
        within_50ms: the same at 50 ms.
        within_100ms: the same at 100 ms.
        same_number: 1 if both lists are equally long, else 0; its mean over clips is the
            number-of-onsets accuracy.
        mean_offset: mean of estimate minus reference time in seconds, over onsets matched within
            100 ms; None without a match.
        mean_absolute_offset: mean of the absolute offsets in seconds; None without a match.
        average_precision: see ``event_average_precision``.
        n_reference: number of reference onsets.
        n_estimate: number of estimated onsets.
    """

    within_25ms: EventScores
    within_50ms: EventScores
    within_100ms: EventScores
    same_number: float
    mean_offset: float | None
    mean_absolute_offset: float | None
    average_precision: float
    n_reference: int
    n_estimate: int


class RankedOnset(NamedTuple):
    """Confidence of an estimated onset, and whether it matches a reference onset."""

    confidence: float
    is_match: bool


def detect_sound_onsets(sound: Waveform) -> OnsetTrack:
    """Detect onsets in a sound with librosa's detector at its default settings.

    Args:
        sound: sound of any rate and number of channels; a silent one has no onsets.

    Returns:
        The onsets; the confidence of each is the height of its peak in the onset strength, scaled
        to 0 to 1 over the sound.
    """
    import librosa

    if not sound.samples.any():
        return OnsetTrack((), sound.duration)
    samples = sound.mono().resampled(ONSET_RATE).samples[0].numpy()
    strength = librosa.onset.onset_strength(y=samples, sr=ONSET_RATE)
    frames = librosa.onset.onset_detect(onset_envelope=strength, sr=ONSET_RATE)
    times = librosa.frames_to_time(frames, sr=ONSET_RATE)
    heights = (strength[frames] - strength.min()) / np.ptp(strength) if len(frames) else ()
    peaks = [pair for pair in zip(times, heights, strict=True) if pair[0] < sound.duration]
    return OnsetTrack(
        [float(time) for time, _ in peaks],
        sound.duration,
        confidences=[float(height) for _, height in peaks],
    )


def synchrony(reference: OnsetTrack, estimate: OnsetTrack) -> Synchrony:
    """Compare the onsets detected in a sound with reference onsets.

    Args:
        reference: an annotation, or the onsets detected in the target's sound.
        estimate: the onsets detected in the sound to score.

    Returns:
        Scores by mir_eval's one-to-one matching, offsets, and average precision.
    """
    offsets = time_offsets(reference, estimate)
    return Synchrony(
        *(
            event_scores(reference, estimate, tolerance=tolerance)
            for tolerance in (0.025, 0.05, 0.1)
        ),
        same_number=float(len(reference) == len(estimate)),
        mean_offset=fmean(offsets) if offsets else None,
        mean_absolute_offset=fmean(map(abs, offsets)) if offsets else None,
        average_precision=event_average_precision(reference, estimate),
        n_reference=len(reference),
        n_estimate=len(estimate),
    )


def event_average_precision(
    reference: OnsetTrack, estimate: OnsetTrack, *, tolerance: float = TOLERANCE
) -> float:
    """Return the area under the precision-recall curve of events, ranked by confidence.

    A reference onset without a match is never recalled and adds no area, so the value is at most
    the recall.

    Args:
        reference: reference onsets.
        estimate: estimated onsets with confidences.
        tolerance: largest distance of a match, seconds.

    Returns:
        0 to 1.
    """
    return ranked_precision(ranked_onsets(reference, estimate, tolerance=tolerance), len(reference))


def ranked_onsets(
    reference: OnsetTrack, estimate: OnsetTrack, *, tolerance: float = TOLERANCE
) -> list[RankedOnset]:
    """Match estimated onsets greedily, in order of falling confidence, then of time.

    Each is matched to the nearest unmatched reference onset within the tolerance, if there is one.

    Args:
        reference: reference onsets.
        estimate: estimated onsets with confidences.
        tolerance: largest distance of a match, seconds.

    Returns:
        One entry per estimated onset. ``ranked_precision`` also accepts the concatenated lists of
        several clips.
    """
    ranked, free = [], list(reference.times)
    for onset in sorted(estimate, key=lambda onset: -onset.confidence):
        near = [time for time in free if abs(time - onset.time) <= tolerance]
        ranked.append(RankedOnset(onset.confidence, bool(near)))
        if near:
            free.remove(min(near, key=lambda time: abs(time - onset.time)))
    return ranked


def ranked_precision(ranked: Sequence[RankedOnset], n_reference: int) -> float:
    """Return the mean over reference onsets of the precision at the rank of their match.

    Args:
        ranked: matches of one or more clips, in any order.
        n_reference: number of reference onsets in those clips.

    Returns:
        0 to 1; 1 if both lists are empty.
    """
    from sklearn.metrics import average_precision_score

    n_matches = sum(onset.is_match for onset in ranked)
    if not n_matches:
        return float(n_reference == len(ranked) == 0)
    confidences, is_match = zip(*ranked, strict=True)
    return float(average_precision_score(is_match, confidences)) * n_matches / n_reference

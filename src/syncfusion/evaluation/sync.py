"""Synchrony: are the onsets one hears those one asked for?

Times in seconds. Without onsets on one side all shares are 0; without any on both sides they are
1, as nothing was missed. What is heard may be compared with an annotation or with the onsets heard
in a target sound; the published evaluation does the latter (``paper_sound``).
"""

from collections.abc import Sequence
from statistics import fmean
from typing import NamedTuple

import numpy as np

from syncfusion.media import Waveform
from syncfusion.onset import TOLERANCE, EventScores, event_scores, time_offsets
from syncfusion.track import OnsetTrack

ONSET_RATE = 22_050  # Hz; the rate at which the paper's evaluation listens


class Synchrony(NamedTuple):
    """How well the onsets of one sound meet a reference.

    Args:
        within_25ms: precision, recall and F of onsets at most 25 ms off.
        within_50ms: the same at 50 ms.
        within_100ms: the same at 100 ms.
        same_number: 1 where as many onsets are heard as wanted, else 0; its mean over clips is the
            number-of-onsets accuracy.
        mean_offset: seconds by which matched onsets (±100 ms) come late; None without a match.
        mean_absolute_offset: seconds by which they are off; None without a match.
        average_precision: see ``event_average_precision``.
        n_reference: onsets wanted.
        n_heard: onsets heard.
    """

    within_25ms: EventScores
    within_50ms: EventScores
    within_100ms: EventScores
    same_number: float
    mean_offset: float | None
    mean_absolute_offset: float | None
    average_precision: float
    n_reference: int
    n_heard: int


class RankedOnset(NamedTuple):
    """A heard onset's confidence, and whether a reference is there that no clearer one claimed."""

    confidence: float
    right: bool


def heard_onsets(sound: Waveform) -> OnsetTrack:
    """Return the onsets that librosa's detector, as it comes, hears in a sound.

    Args:
        sound: any rate and channels; a silent one has no onsets.

    Returns:
        Their times, and as confidence the height of each one's peak in the onset strength, where 1
        is the highest of the sound.
    """
    import librosa

    if not sound.samples.any():
        return OnsetTrack((), sound.duration)
    samples = sound.mono().resampled(ONSET_RATE).samples[0].numpy()
    strength = librosa.onset.onset_strength(y=samples, sr=ONSET_RATE)
    frames = librosa.onset.onset_detect(onset_envelope=strength, sr=ONSET_RATE)
    times = librosa.frames_to_time(frames, sr=ONSET_RATE)
    heights = (strength[frames] - strength.min()) / np.ptp(strength) if len(frames) else ()
    heard = [pair for pair in zip(times, heights, strict=True) if pair[0] < sound.duration]
    return OnsetTrack(
        [float(time) for time, _ in heard],
        sound.duration,
        confidences=[float(height) for _, height in heard],
    )


def synchrony(reference: OnsetTrack, heard: OnsetTrack) -> Synchrony:
    """Compare the onsets heard in a sound with those it should have.

    Args:
        reference: an annotation, or the onsets heard in the target sound.
        heard: what ``heard_onsets`` returns for the sound to judge.

    Returns:
        Shares by mir_eval's one-to-one matching, offsets, and average precision.
    """
    offsets = time_offsets(reference, heard)
    return Synchrony(
        *(event_scores(reference, heard, tolerance=tolerance) for tolerance in (0.025, 0.05, 0.1)),
        same_number=float(len(reference) == len(heard)),
        mean_offset=fmean(offsets) if offsets else None,
        mean_absolute_offset=fmean(map(abs, offsets)) if offsets else None,
        average_precision=event_average_precision(reference, heard),
        n_reference=len(reference),
        n_heard=len(heard),
    )


def event_average_precision(
    reference: OnsetTrack, heard: OnsetTrack, *, tolerance: float = TOLERANCE
) -> float:
    """Return the area under the precision-recall curve of events, ranked by confidence.

    A reference that nobody claims is never recalled, so it adds no area: finding half of them is
    worth 0.5 at most.

    Args:
        reference: onsets wanted.
        heard: onsets with the confidences to rank by.
        tolerance: seconds.

    Returns:
        0 to 1.
    """
    return ranked_precision(ranked_onsets(reference, heard, tolerance=tolerance), len(reference))


def ranked_onsets(
    reference: OnsetTrack, heard: OnsetTrack, *, tolerance: float = TOLERANCE
) -> list[RankedOnset]:
    """Judge each heard onset, the most confident first, of equals the earlier.

    Each claims the nearest reference within the tolerance that nobody claimed before; one that
    finds none is false.

    Args:
        reference: onsets wanted.
        heard: onsets with the confidences to rank by.
        tolerance: seconds.

    Returns:
        One entry per heard onset; lists of several clips may be joined for ``ranked_precision``.
    """
    ranked, free = [], list(reference.times)
    for onset in sorted(heard, key=lambda onset: -onset.confidence):
        near = [time for time in free if abs(time - onset.time) <= tolerance]
        ranked.append(RankedOnset(onset.confidence, bool(near)))
        if near:
            free.remove(min(near, key=lambda time: abs(time - onset.time)))
    return ranked


def ranked_precision(ranked: Sequence[RankedOnset], n_reference: int) -> float:
    """Return the mean over all references of the precision at the rank where each is claimed.

    Args:
        ranked: of one clip or of several, in any order.
        n_reference: onsets wanted in those clips.

    Returns:
        0 to 1; 1 where nothing is wanted and nothing heard.
    """
    from sklearn.metrics import average_precision_score

    n_right = sum(onset.right for onset in ranked)
    if not n_right:
        return float(n_reference == len(ranked) == 0)
    confidences, right = zip(*ranked, strict=True)
    return float(average_precision_score(right, confidences)) * n_right / n_reference

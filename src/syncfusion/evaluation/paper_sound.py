"""The published evaluation of generated sound (tables 2 and 3), accident for accident.

Kept so that published and new metrics can stand in one table; new work should use ``sync``. The
reference is not the annotation but the onsets detected in the target's own sound. Every accident
has a function of its own, whose name admits it:

================================ ================================================================
``published_excerpt``            sound before the first onset is erased, so it cannot be wrong
``strict_onsets``                soft hits are missed: librosa's threshold is 0.3, not 0.07
``loudest_nearby``               confidence is loudness, not the strength of the onset
``neighbour_skipping_suppression`` of onsets close to a louder one every second stays
``match_until_none_is_left``     the loudest in reach matches, not the nearest; targets that come
                                 after the last generated onset has been used are forgotten
``accuracy_without_false_positives`` any number of extra hits costs nothing
``average_precision_of_ranked_misses`` a missed target counts as detected at the last rank
``published_scores``             0 where either is silent, even if both are; numbers of onsets are
                                 compared before suppression
================================ ================================================================

Source: the published repository's script/evaluate_onset.py (after CondFoleyGen, Du et al., CVPR
2023), main/generation.py and main/dataset_diffusion.py. Its Fréchet distance is that of
``frechet`` with ``vggish``.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from torchaudio.functional import resample

from syncfusion.evaluation.sync import ONSET_RATE
from syncfusion.media import Waveform

EXCERPT_SECONDS = 2.0  # scored part of each 5.46 s chunk
ONSET_DELTA = 0.3  # of the normalised onset strength above its local mean
MATCH_SAMPLES = 0.1 * ONSET_RATE  # a match is nearer than this
SUPPRESSION_SAMPLES = 0.05 * ONSET_RATE  # an onset nearer than this to a louder one is dropped
CONFIDENCE_SAMPLES = int(0.05 * ONSET_RATE)  # on each side of an onset, for its loudness

Amplitude = Float[np.ndarray, " time"]  # |samples|, scaled from 0 to 1 over the clip


class PublishedScores(NamedTuple):
    """Metrics of one clip; the published tables report their means over clips.

    Args:
        same_number: 1 if both have equally many onsets, else 0 ("#onset acc").
        accuracy: fraction of the target's onsets with a match.
        average_precision: average precision of the generated onsets, ranked by loudness.
    """

    same_number: float
    accuracy: float
    average_precision: float


class Matches(NamedTuple):
    """The rows of the published precision-recall curve.

    Args:
        n_found: number of target onsets with a match.
        labels: 1 for a target onset, 0 for an unmatched generated one.
        confidences: confidence of the match, 0 for a target onset without one.
    """

    n_found: int
    labels: list[int]
    confidences: list[float]


def published_excerpt(sound: Waveform, first_onset: float | None) -> Waveform:
    """Return the part of a sound that the published evaluation scores: 2 s at 22.05 kHz.

    Args:
        sound: a chunk from its start, at its original rate.
        first_onset: seconds. Table 2 silences target and generated sound before the chunk's first
            annotated onset; None leaves the sound unchanged, as in table 3.

    Returns:
        The excerpt, one channel.
    """
    samples = sound.mono().samples[:, : int(EXCERPT_SECONDS * sound.sample_rate)].clone()
    if first_onset is not None:
        samples[:, : int(first_onset * sound.sample_rate)] = 0
    return Waveform(resample(samples, sound.sample_rate, ONSET_RATE), ONSET_RATE)


def published_scores(target: Waveform, generated: Waveform) -> PublishedScores:
    """Score one generated excerpt against the target's, as published.

    Args:
        target: excerpt of the recording, from ``published_excerpt``.
        generated: excerpt of the generated sound.

    Returns:
        All 0 if either has no onset, even if neither has.
    """
    reference, estimate = strict_onsets(target), strict_onsets(generated)
    if not reference or not estimate:
        return PublishedScores(0.0, 0.0, 0.0)
    amplitude = scaled_amplitude(generated)
    kept = neighbour_skipping_suppression(
        estimate, [loudest_nearby(amplitude, o) for o in estimate]
    )
    matches = match_until_none_is_left(reference, kept, amplitude)
    return PublishedScores(
        float(len(reference) == len(estimate)),
        accuracy_without_false_positives(matches, len(reference)),
        average_precision_of_ranked_misses(matches),
    )


def strict_onsets(sound: Waveform) -> list[int]:
    """Return the samples (at 22.05 kHz) of onsets that librosa detects at a threshold of 0.3."""
    import librosa

    samples = sound.mono().resampled(ONSET_RATE).samples[0].numpy()
    onsets = librosa.onset.onset_detect(
        y=samples, sr=ONSET_RATE, units="samples", delta=ONSET_DELTA
    )
    return [int(onset) for onset in onsets]


def scaled_amplitude(sound: Waveform) -> Amplitude:
    """Return |samples| at 22.05 kHz, scaled to 0 to 1 over the clip."""
    amplitude = sound.mono().resampled(ONSET_RATE).samples[0].abs().numpy()
    return (amplitude - amplitude.min()) / np.ptp(amplitude)


def loudest_nearby(amplitude: Amplitude, onset: int) -> float:
    """Return the largest amplitude within 50 ms of an onset: the published confidence.

    For an onset in the first 50 ms the published window starts at a negative index, is empty and
    stops the program; here it starts at 0.
    """
    window = amplitude[max(0, onset - CONFIDENCE_SAMPLES) : onset + CONFIDENCE_SAMPLES]
    return float(window.max())


def neighbour_skipping_suppression(
    onsets: Sequence[int], confidences: Sequence[float]
) -> list[int]:
    """Drop onsets within 50 ms of a more confident one, except those behind a dropped one.

    The published loop removes from the list it iterates over, so each removal skips the next entry.
    """
    kept, left = [], list(onsets)
    for index in np.argsort(confidences)[::-1]:
        onset = onsets[index]
        if onset not in left:
            continue
        kept.append(onset)
        left.remove(onset)
        position = 0
        while position < len(left):
            if abs(left[position] - onset) < SUPPRESSION_SAMPLES:
                del left[position]
            position += 1  # also past the entry that has just moved here
    return sorted(kept)


def match_until_none_is_left(
    reference: Sequence[int], estimate: Sequence[int], amplitude: Amplitude
) -> Matches:
    """Match each target onset, in order of time, with the loudest unused one within 0.1 s.

    Loudness is the amplitude at the very sample of the onset; the nearest onset is not preferred.
    The loop ends when no generated onset is left: later targets are neither found nor missed.
    """
    n_found, unused = 0, list(estimate)
    labels: list[int] = []
    confidences: list[float] = []
    for target in reference:
        near = [onset for onset in unused if abs(onset - target) < MATCH_SAMPLES]
        labels.append(1)
        confidences.append(0.0)
        if near:
            match = near[int(np.argsort([amplitude[onset] for onset in near])[-1])]
            confidences[-1] = loudest_nearby(amplitude, match)
            n_found += 1
            unused.remove(match)
            if not unused:
                break
    labels += [0] * len(unused)
    confidences += [loudest_nearby(amplitude, onset) for onset in unused]
    return Matches(n_found, labels, confidences)


def accuracy_without_false_positives(matches: Matches, n_reference: int) -> float:
    """Return the fraction of target onsets with a match; a hit every 0.1 s makes it 1."""
    return matches.n_found / n_reference


def average_precision_of_ranked_misses(matches: Matches) -> float:
    """Return scikit-learn's average precision with misses ranked last, as if found at confidence 0.

    So recall reaches 1 whatever was missed, and a sound without a match scores above 0.
    """
    from sklearn.metrics import average_precision_score

    return float(average_precision_score(matches.labels, matches.confidences))

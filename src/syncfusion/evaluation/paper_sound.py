"""The published evaluation of generated sound (tables 2 and 3), accident for accident.

Kept so that published and new figures can stand in one table; ``sync`` is the evaluation to use.
The target is not the annotation but what is heard in the target's own sound. Every accident has a
function of its own, whose name admits it:

================================ ================================================================
``published_excerpt``            sound before the first onset is erased, so it cannot be wrong
``strict_onsets``                soft hits are not heard: librosa's threshold is 0.3, not 0.07
``loudest_nearby``               confidence is loudness, not how clear the onset is
``neighbour_skipping_suppression`` of onsets close to a louder one every second stays
``match_until_none_is_left``     the loudest in reach matches, not the nearest; targets that come
                                 after the last generated onset has been used are forgotten
``accuracy_without_false_positives`` any number of extra hits costs nothing
``average_precision_of_ranked_misses`` a missed target counts as found last of all
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

EXCERPT_SECONDS = 2.0  # of each 5.46 s chunk that are scored
ONSET_DELTA = 0.3  # of the normalised onset strength above its local mean
MATCH_SAMPLES = 0.1 * ONSET_RATE  # a match is nearer than this
SUPPRESSION_SAMPLES = 0.05 * ONSET_RATE  # an onset nearer than this to a louder one is dropped
CONFIDENCE_SAMPLES = int(0.05 * ONSET_RATE)  # each way, where loudness is looked for

Level = Float[np.ndarray, " time"]  # |samples|, scaled from 0 to 1 over the clip


class PublishedScores(NamedTuple):
    """One clip's figures; the published tables are their means over clips.

    Args:
        same_number: 1 where both have as many onsets, else 0 ("#onset acc").
        accuracy: share of the target's onsets that were matched.
        average_precision: of the generated onsets, ranked by loudness.
    """

    same_number: float
    accuracy: float
    average_precision: float


class Matches(NamedTuple):
    """The rows of the published precision-recall curve.

    Args:
        n_found: target onsets with a match.
        labels: 1 for a target onset, 0 for a generated one that is left over.
        confidences: of the match, 0 for a target without one.
    """

    n_found: int
    labels: list[int]
    confidences: list[float]


def published_excerpt(sound: Waveform, first_onset: float | None) -> Waveform:
    """Return what the published evaluation hears of a sound: 2 s at 22.05 kHz.

    Args:
        sound: a chunk from its start, at the rate it was generated at.
        first_onset: seconds; table 2 silences all before the chunk's first annotated onset, in
            the target and in the generated sound. None leaves it as it is, as table 3 does.

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
        target: what ``published_excerpt`` returns for the recording.
        generated: the same for the generated sound.

    Returns:
        All 0 where either has no onset, even if neither has.
    """
    wanted, found = strict_onsets(target), strict_onsets(generated)
    if not wanted or not found:
        return PublishedScores(0.0, 0.0, 0.0)
    level = scaled_level(generated)
    kept = neighbour_skipping_suppression(found, [loudest_nearby(level, o) for o in found])
    matches = match_until_none_is_left(wanted, kept, level)
    return PublishedScores(
        float(len(wanted) == len(found)),
        accuracy_without_false_positives(matches, len(wanted)),
        average_precision_of_ranked_misses(matches),
    )


def strict_onsets(sound: Waveform) -> list[int]:
    """Return the samples (at 22.05 kHz) where librosa hears an onset with a threshold of 0.3."""
    import librosa

    samples = sound.mono().resampled(ONSET_RATE).samples[0].numpy()
    found = librosa.onset.onset_detect(y=samples, sr=ONSET_RATE, units="samples", delta=ONSET_DELTA)
    return [int(onset) for onset in found]


def scaled_level(sound: Waveform) -> Level:
    """Return |samples| at 22.05 kHz, scaled so that the clip's lowest is 0 and its highest 1."""
    level = sound.mono().resampled(ONSET_RATE).samples[0].abs().numpy()
    return (level - level.min()) / np.ptp(level)


def loudest_nearby(level: Level, onset: int) -> float:
    """Return the highest level within 50 ms of an onset: the published confidence.

    The published window starts at a negative index, is empty and stops the program where an onset
    comes in the first 50 ms; here it starts at 0.
    """
    window = level[max(0, onset - CONFIDENCE_SAMPLES) : onset + CONFIDENCE_SAMPLES]
    return float(window.max())


def neighbour_skipping_suppression(
    onsets: Sequence[int], confidences: Sequence[float]
) -> list[int]:
    """Drop onsets within 50 ms of a more confident one, except those behind a dropped one.

    The published loop removes from the list it walks, so each removal hides the next entry.
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


def match_until_none_is_left(wanted: Sequence[int], found: Sequence[int], level: Level) -> Matches:
    """Give each target onset, in order of time, the loudest unused one within 0.1 s.

    Loudest is the level at the very sample of the onset, not around it; the nearest is not
    preferred. Once no generated onset is left the loop ends: the targets after that enter the
    curve neither as found nor as missed.
    """
    n_found, unused = 0, list(found)
    labels: list[int] = []
    confidences: list[float] = []
    for target in wanted:
        near = [onset for onset in unused if abs(onset - target) < MATCH_SAMPLES]
        labels.append(1)
        confidences.append(0.0)
        if near:
            match = near[int(np.argsort([level[onset] for onset in near])[-1])]
            confidences[-1] = loudest_nearby(level, match)
            n_found += 1
            unused.remove(match)
            if not unused:
                break
    labels += [0] * len(unused)
    confidences += [loudest_nearby(level, onset) for onset in unused]
    return Matches(n_found, labels, confidences)


def accuracy_without_false_positives(matches: Matches, n_wanted: int) -> float:
    """Return the share of target onsets with a match; a hit every 0.1 s makes it 1."""
    return matches.n_found / n_wanted


def average_precision_of_ranked_misses(matches: Matches) -> float:
    """Return scikit-learn's average precision with misses ranked last, as if found at confidence 0.

    So recall reaches 1 whatever was missed, and a sound that matches nothing scores above 0.
    """
    from sklearn.metrics import average_precision_score

    return float(average_precision_score(matches.labels, matches.confidences))

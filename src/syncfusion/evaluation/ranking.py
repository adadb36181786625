"""Variations of one sound, best first: by the onsets detected in them, then by their prompt."""

from collections.abc import Sequence
from typing import NamedTuple

from syncfusion.evaluation.sync import detect_sound_onsets
from syncfusion.media import Waveform
from syncfusion.onset import event_scores
from syncfusion.prompt import PromptEncoder
from syncfusion.track import OnsetTrack

DIGITS = 2  # of the onset F; variations that are equal to so many are ranked by the prompt


class Ranked(NamedTuple):
    """One variation: its place in the order given, and its metrics.

    ``onset_f`` is the F-measure of its onsets, ±100 ms; ``similarity`` the cosine similarity of
    its sound and the prompt, None where there is no prompt or the sound is silent.
    """

    place: int
    onset_f: float
    similarity: float | None


def rank_variations(
    sounds: Sequence[Waveform],
    track: OnsetTrack,
    prompt: str | Waveform | None,
    encoder: PromptEncoder,
) -> list[Ranked]:
    """Rank sounds of one track.

    Args:
        sounds: the variations.
        track: the onsets that all were made from.
        prompt: that all were made from; None where each event has its own.
        encoder: of the prompt and the sounds.

    Returns:
        One entry per sound, the best first; equal ones keep their order.

    Raises:
        ModuleNotFoundError: if the detector of onsets in sounds is not installed.
    """
    target = None if prompt is None else encoder.embed(prompt)
    found = []
    for place, sound in enumerate(sounds):
        onset_f = event_scores(track, detect_sound_onsets(sound)).f_measure
        similarity = None
        if target is not None and sound.samples.any():
            similarity = float(encoder.embed(sound) @ target)
        found.append(Ranked(place, onset_f, similarity))
    return sorted(found, key=lambda each: (-round(each.onset_f, DIGITS), -(each.similarity or 0.0)))

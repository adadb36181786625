"""Reference sounds: the hits of a recording as they are given to the prompt encoder.

A hit is the sound from one onset to the next, as recorded, and never padded.
"""

import random
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import torch

from syncfusion.constants import CLIP_SAMPLES, SAMPLE_RATE, SILENT_PEAK
from syncfusion.media import Waveform
from syncfusion.timing import sample_index
from syncfusion.track import OnsetTrack

RULES = ("label", "clip")  # of choosing a reference


class Span(NamedTuple):
    """A hit: its samples in the recording, its label, and whether it is audible."""

    start: int
    end: int
    label: str
    audible: bool

    def within(self, waveform: Waveform) -> Waveform:
        """Return its sound."""
        return Waveform(waveform.samples[:, self.start : self.end], waveform.sample_rate)


def hit_spans(waveform: Waveform, track: OnsetTrack) -> list[Span]:
    """List the hits of a recording, one per onset.

    Each ends at the next onset, at the end of the recording, or after ``CLIP_SAMPLES``. One of no
    length, or past the end of the recording, is not audible.
    """
    length = waveform.samples.shape[1]
    starts = [sample_index(time, SAMPLE_RATE) for time in track.times]
    spans = []
    for (start, following), label in zip(pairwise([*starts, length]), track.labels, strict=True):
        end = min(following, start + CLIP_SAMPLES)
        audible = bool(torch.any(waveform.samples[:, start:end].abs() >= SILENT_PEAK))
        spans.append(Span(start, end, label, audible))
    return spans


def choose_reference(
    spans: Sequence[Span], in_clip: Sequence[int], rule: str, rng: random.Random
) -> tuple[int, int] | None:
    """Choose a hit of the clip as target, and a hit as reference sound for it.

    Args:
        spans: of all hits of the recording.
        in_clip: which of them lie in the clip.
        rule: "clip" shows the hit itself (published). "label" shows another of the same label from
            outside the clip, and the hit itself where it has no label or there is no other. Others
            are taken from the same recording alone: in another one a label is another object.
        rng: source of the choices.

    Returns:
        The indices of both; None if no hit of the clip is audible.
    """
    audible = [index for index in in_clip if spans[index].audible]
    if not audible:
        return None
    target = rng.choice(audible)
    label = spans[target].label
    others = [
        index
        for index, span in enumerate(spans)
        if span.audible and span.label == label and index not in in_clip
    ]
    if rule == "clip" or not label or not others:
        return target, target
    return target, rng.choice(others)

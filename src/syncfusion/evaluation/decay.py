"""Decay of hits: the time in which a hit falls from its loudest moment."""

from collections.abc import Sequence
from statistics import median

from syncfusion.hits import Hit
from syncfusion.timing import sample_index

HOP_SECONDS = 0.002  # in which a hit's level is measured
ATTACK_SECONDS = 0.3  # in which its loudest hop lies
DECIBELS = 30.0  # fall of the metric


def decay_ms(hit: Hit, sample_rate: int, decibels: float = DECIBELS) -> float:
    """Return the time in which a hit falls by so much from its loudest 2 ms, or ends.

    Args:
        hit: one sound of a recording.
        sample_rate: of its samples, Hz.
        decibels: the fall, above 0.

    Returns:
        Milliseconds, a multiple of 2.
    """
    hop = sample_index(HOP_SECONDS, sample_rate)
    levels = hit.samples.unfold(0, hop, hop).square().mean(1).sqrt()
    loudest = int(levels[: round(ATTACK_SECONDS / HOP_SECONDS)].argmax())
    below = (levels[loudest:] < levels[loudest] * 10 ** (-decibels / 20)).nonzero()
    hops = int(below[0]) if len(below) else len(levels) - loudest
    return 1000 * hops * hop / sample_rate


def median_decay(hits: Sequence[Hit], sample_rate: int) -> float | None:
    """Return the median time in which hits fall by 30 dB, in ms; None without hits."""
    return median(decay_ms(hit, sample_rate) for hit in hits) if hits else None

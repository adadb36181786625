"""The single hits of a recording of the user's own, cut at their attacks and left as they are."""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from syncfusion.constants import SAMPLE_RATE
from syncfusion.media import block_rms

HOP = SAMPLE_RATE // 1000  # the attack is sought in steps of 1 ms
LEAD = 4 * HOP  # samples kept before an attack
RISE_DB, AUDIBLE_DB = 12.0, -36.0  # of an attack: its rise, its level under the loudest
LOUD_DB = -20.0  # of the first 10 ms of a recording that begins with an attack
APART = 250  # hops between two attacks, at least
TAIL_DB, QUIET_BLOCKS = -60.0, 3  # a tail ends where it stays 60 dB under its peak for 30 ms
LONGEST = 8 * SAMPLE_RATE
SHORTEST = SAMPLE_RATE // 50


class Cut(NamedTuple):
    """A hit inside a recording, in samples at 48 kHz.

    ``start`` to ``end`` is the whole of it; its attack is ``attack`` samples after ``start``.
    """

    start: int
    end: int
    attack: int


def cut_sounds(samples: Float[Tensor, " time"]) -> list[Cut]:
    """Return the hits of a recording at 48 kHz, in order of time.

    Args:
        samples: one channel, of any loudness.

    Returns:
        Cuts from 4 ms before each attack to the end of its decay or shortly before the next attack;
        none for silence. A recording without a clear attack is one cut, from its first sound on.
    """
    peak = float(samples.abs().max()) if len(samples) else 0.0
    if peak == 0.0:
        return []
    attacks = _attacks(samples / peak)
    ends = [following - 2 * LEAD for following in attacks[1:]] + [len(samples)]
    cuts = []
    for attack, end in zip(attacks, ends, strict=True):
        start = max(0, attack - LEAD)
        end = start + _decayed(samples[start : min(end, start + LONGEST)])
        if end - start >= SHORTEST:
            cuts.append(Cut(start, end, attack - start))
    return cuts


def _attacks(samples: Float[Tensor, " time"]) -> list[int]:
    """Return the samples at which the level rises steeply; the first audible one if none does."""
    whole = functional.pad(samples, (0, -len(samples) % HOP))
    peaks = whole.unfold(0, HOP, HOP).abs().amax(1)
    level = 20 * peaks.clamp_min(1e-6).log10()
    cut_tight = level[:10].max() > LOUD_DB  # it begins with an attack, not with its noise
    outside = -120.0 if cut_tight else float(level[:10].max())
    before = functional.max_pool1d(functional.pad(level[None], (12, 0), value=outside), 10, 1)[0]
    rise = level - before[: len(level)]  # the loudest of the hops 12 to 3 before
    strongest = functional.max_pool1d(rise[None], 2 * APART + 1, 1, APART)[0]
    found = (rise == strongest) & (rise > RISE_DB) & (level > AUDIBLE_DB)
    hops = found.nonzero()[:, 0].tolist()
    kept = [hop for place, hop in enumerate(hops) if not place or hop - hops[place - 1] >= APART]
    return [hop * HOP for hop in kept] or [int((level > AUDIBLE_DB).nonzero()[0]) * HOP]


def _decayed(samples: Float[Tensor, " time"]) -> int:
    """Return the number of samples until the tail has died away."""
    levels = block_rms(samples, SAMPLE_RATE)
    if len(levels) < QUIET_BLOCKS:
        return len(samples)
    loudest = int(levels.argmax())
    quiet = levels < float(levels[loudest]) * 10 ** (TAIL_DB / 20)
    ended = quiet.unfold(0, QUIET_BLOCKS, 1).all(1)
    ended[:loudest] = False
    ends = ended.nonzero()
    return int(ends[0] + QUIET_BLOCKS) * (SAMPLE_RATE // 100) if len(ends) else len(samples)


def loudness_db(samples: Float[Tensor, " time"]) -> float:
    """Return the level (dBFS) of the loudest 10 ms; -120 for silence."""
    levels = block_rms(functional.pad(samples, (0, SAMPLE_RATE // 100)), SAMPLE_RATE)
    return float(20 * torch.clamp_min(levels.max(), 1e-6).log10())

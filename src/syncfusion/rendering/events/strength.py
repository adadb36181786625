"""How hard an event is struck: a soft hit is duller than a loud one, not only quieter.

Where recorded hits of one kind differ by 1 dB, their highs differ by 1 dB and their lows by about
half of that. ``benchmarks/hit_spectrum.py`` measures this, and finds the low-shelving filter
nearest to it.
"""

import hashlib
import math

from torchaudio.functional import bass_biquad

from syncfusion.constants import SAMPLE_RATE
from syncfusion.rendering.events.takes import FULL_SCALE, Take

BASS_HZ = 600.0  # of a low-shelving filter: where it has half its decibels
BASS_DB = -0.5  # of the lows beside the highs, for each dB of strength
BASS_Q = math.sqrt(0.5)  # as steep as it can be without a bump, and as in Web Audio
HEADROOM = 2**6  # bass_biquad clips at 1


def struck(take: Take, strength: float) -> Take:
    """Return a take as it is when struck softer or harder.

    Args:
        take: of an event.
        strength: linear, within ``event_columns.SOFTEST`` and ``HARDEST``; the highs are
            multiplied by it, and the lows follow half as far. 1 leaves the take as it is.

    Returns:
        The take itself, or another one on the same grid and of the same length, with a key of its
        own.
    """
    if strength == 1 or not take.samples.numel():
        return take
    bass = BASS_DB * 20 * math.log10(strength)
    samples = take.samples.double() / HEADROOM
    samples = bass_biquad(samples, SAMPLE_RATE, bass, BASS_HZ, BASS_Q)
    samples = (samples * (strength * HEADROOM * FULL_SCALE)).round() / FULL_SCALE
    key = hashlib.sha256(f"{take.key} {strength!r}".encode()).hexdigest()
    return Take(samples.float(), take.attack, key)

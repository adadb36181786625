"""Loudness, clipping, silence and DC offset: faults of a sound whatever its content."""

import math
from typing import NamedTuple

import numpy as np

from syncfusion.constants import DITHER_PEAK_DBFS
from syncfusion.errors import InputError
from syncfusion.media import Waveform, to_dbfs

FULL_SCALE = 1.0 - 2**-15  # the highest sample of a 16-bit file
BLOCK_SECONDS = 0.4  # shortest sound with a loudness (ITU-R BS.1770-4)
MAX_CHANNELS = 5  # ITU-R BS.1770-4 defines weights for up to five


class LoudnessStats(NamedTuple):
    """Loudness statistics of a sound.

    Args:
        loudness: integrated loudness in LUFS; None for silence and for sounds under 0.4 s.
        peak: highest absolute sample in dBFS; None if all samples are 0.
        clipped_samples: number of samples at or above full scale, over all channels.
        dc_offset: mean sample of the channel with the largest one.
        is_silent: whether the peak is below -90 dBFS.
    """

    loudness: float | None
    peak: float | None
    clipped_samples: int
    dc_offset: float
    is_silent: bool


def check_sound(sound: Waveform) -> LoudnessStats:
    """Measure a sound.

    Args:
        sound: non-empty sound of any rate with up to five channels.

    Returns:
        Its loudness statistics.

    Raises:
        InputError: if the sound has no samples, samples that are not finite, or more channels than
            loudness is defined for.
    """
    samples = sound.samples.double().numpy()
    if not samples.size or not np.isfinite(samples).all():
        raise InputError("the sound is empty or holds samples that are not finite; render it again")
    if len(samples) > MAX_CHANNELS:
        raise InputError(
            f"the sound has {len(samples)} channels; mix it down to {MAX_CHANNELS} or fewer"
        )
    highest = float(np.abs(samples).max())
    peak = to_dbfs(highest)
    offsets = samples.mean(axis=1)
    return LoudnessStats(
        loudness=integrated_loudness(sound),
        peak=peak,
        clipped_samples=int((np.abs(samples) >= FULL_SCALE).sum()),
        dc_offset=float(offsets[np.abs(offsets).argmax()]),
        is_silent=peak is None or peak < DITHER_PEAK_DBFS,
    )


def integrated_loudness(sound: Waveform) -> float | None:
    """Return the loudness in LUFS (ITU-R BS.1770-4, pyloudnorm); None if undefined.

    It is undefined for sounds shorter than one block of 0.4 s and for those below -70 LUFS
    throughout.
    """
    import pyloudnorm

    if sound.duration < BLOCK_SECONDS:
        return None
    samples = sound.samples.double().numpy()
    with np.errstate(divide="ignore"):  # the logarithm of a silent block
        loudness = pyloudnorm.Meter(sound.sample_rate).integrated_loudness(samples.T)
    return float(loudness) if math.isfinite(loudness) else None

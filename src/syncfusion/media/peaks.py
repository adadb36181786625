"""Peaks of a sound, from which its picture is drawn."""

import numpy as np
from jaxtyping import Float, Int8

SAMPLES_PER_PEAK = 256
FULL_SCALE = 127


def sound_peaks(
    samples: Float[np.ndarray, " time"], samples_per_peak: int = SAMPLES_PER_PEAK
) -> Int8[np.ndarray, "peak 2"]:
    """Return the lowest and the highest sample of each stretch of a sound, in steps of 1/127.

    Args:
        samples: -1 to 1.
        samples_per_peak: length of a stretch; the last one may be shorter.

    Returns:
        Pairs, rounded away from 0, so that no sound is drawn as silence.
    """
    n_peaks = -(-len(samples) // samples_per_peak)
    padded = np.zeros(n_peaks * samples_per_peak, np.float32)
    padded[: len(samples)] = samples
    stretches = padded.reshape(n_peaks, samples_per_peak)
    low = np.floor(np.clip(stretches.min(1), -1, 1) * FULL_SCALE)
    high = np.ceil(np.clip(stretches.max(1), -1, 1) * FULL_SCALE)
    return np.stack([low, high], axis=1).astype(np.int8)

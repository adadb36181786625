"""Envelope distance E-L1: difference of the RMS envelopes of two sounds.

As reported on Greatest Hits: mean absolute difference of RMS envelopes at 16 kHz, windows of 512
samples every 128, mirrored ends (T-Foley, Chung et al., ICASSP 2024; windows and rate of
Video-Foley, Lee et al. 2024). It depends on loudness: the distance between a sound and the same
sound 6 dB softer is half of the louder one's mean RMS.
"""

from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from syncfusion.errors import InputError
from syncfusion.media import Waveform
from syncfusion.timing import sample_index

ENVELOPE_RATE = 16_000  # Hz
WINDOW, HOP = 512, 128  # samples
LENGTH_TOLERANCE = 0.1  # seconds by which two sounds of one clip may differ (codecs pad)


def rms_envelope(sound: Waveform) -> Float[Tensor, " step"]:
    """Return the RMS of each 32 ms of a sound, every 8 ms.

    Args:
        sound: sound of any rate and number of channels, at least 13 ms long.

    Returns:
        One value per 8 ms, in units of the samples.
    """
    samples = sound.mono().resampled(ENVELOPE_RATE).samples
    margin = (WINDOW - HOP) // 2
    padded = functional.pad(samples[None], (margin, margin), mode="reflect")
    return functional.avg_pool1d(padded.square(), WINDOW, HOP)[0, 0].sqrt()


def envelope_distance(reference: Waveform, sound: Waveform) -> float:
    """Return E-L1 between two sounds of one clip.

    Args:
        reference: sound of the target.
        sound: generated sound; the longer of the two is cut to the length of the shorter.

    Returns:
        0 for equal envelopes, 1 at most.

    Raises:
        InputError: if the lengths differ by more than 0.1 s, or a sound is shorter than a window.
    """
    if abs(reference.duration - sound.duration) > LENGTH_TOLERANCE:
        raise InputError(
            f"one sound lasts {reference.duration:.2f} s, the other {sound.duration:.2f} s; "
            "envelopes are compared over the same clip"
        )
    duration = min(reference.duration, sound.duration)
    if duration < WINDOW / ENVELOPE_RATE:
        raise InputError(f"a sound of {duration:.3f} s has no envelope; give 0.032 s or more")
    first, second = (rms_envelope(_start(each, duration)) for each in (reference, sound))
    n_steps = min(len(first), len(second))  # rounding of the rate may leave one step more
    return float((first[:n_steps] - second[:n_steps]).abs().mean())


def _start(sound: Waveform, duration: float) -> Waveform:
    n_samples = sample_index(duration, sound.sample_rate)
    return Waveform(sound.samples[:, :n_samples], sound.sample_rate)

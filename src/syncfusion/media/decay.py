"""The end of a hit's decay."""

from jaxtyping import Float
from torch import Tensor

NOISE_RATIO = 2.0  # a hit within 6 dB of the recording's noise counts as decayed


def block_rms(samples: Float[Tensor, " time"], rate: int) -> Float[Tensor, " block"]:
    """Return the RMS of blocks of 10 ms."""
    block = rate // 100
    return samples.unfold(0, block, block).square().mean(dim=1).sqrt()


def decay_end(
    samples: Float[Tensor, " time"], rate: int, *, ratio: float, noise: float = 0.0, quiet: int
) -> int:
    """Return the first sample after a hit's decay.

    Args:
        samples: the hit, beginning at its attack.
        rate: Hz.
        ratio: RMS below which the hit counts as silent, relative to the loudest 10 ms of the first
            0.3 s.
        noise: RMS of the recording's noise; a hit within 6 dB of it counts as silent, too.
        quiet: number of consecutive silent blocks of 10 ms that end the decay.

    Returns:
        A sample index; the length if the hit never decays, 0 if it is no louder than the noise.
    """
    if len(samples) < quiet * rate // 100:
        return len(samples)
    rms = block_rms(samples, rate)
    loudest = int(rms[:30].argmax())
    threshold = max(ratio * float(rms[loudest]), NOISE_RATIO * noise)
    if rms[loudest] < NOISE_RATIO * threshold:
        return 0
    silent = (rms < threshold).unfold(0, min(quiet, len(rms)), 1).all(dim=1)
    ends = silent[loudest:].nonzero()
    return (loudest + int(ends[0]) + 3) * (rate // 100) if len(ends) else len(samples)

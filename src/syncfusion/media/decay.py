"""Where the sound of a hit has decayed."""

from jaxtyping import Float
from torch import Tensor

NOISE_RATIO = 2.0  # within 6 dB of the recording's noise a hit counts as decayed


def block_rms(samples: Float[Tensor, " time"], rate: int) -> Float[Tensor, " block"]:
    """Return the RMS of blocks of 10 ms."""
    block = rate // 100
    return samples.unfold(0, block, block).square().mean(dim=1).sqrt()


def decay_end(
    samples: Float[Tensor, " time"], rate: int, *, ratio: float, noise: float = 0.0, quiet: int
) -> int:
    """Find where a hit has decayed: the first of its samples that need not be heard.

    Args:
        samples: from the attack on.
        rate: Hz.
        ratio: level, relative to the loudest 10 ms of the first 0.3 s, under which it is silent.
        noise: RMS of the recording's noise; within 6 dB of it a hit counts as silent too.
        quiet: blocks of 10 ms that have to be silent.

    Returns:
        A sample index; the length where it never decays, 0 where it is no louder than the noise.
    """
    if len(samples) < quiet * rate // 100:
        return len(samples)
    levels = block_rms(samples, rate)
    loudest = int(levels[:30].argmax())
    threshold = max(ratio * float(levels[loudest]), NOISE_RATIO * noise)
    if levels[loudest] < NOISE_RATIO * threshold:
        return 0
    silent = (levels < threshold).unfold(0, min(quiet, len(levels)), 1).all(dim=1)
    ends = silent[loudest:].nonzero()
    return (loudest + int(ends[0]) + 3) * (rate // 100) if len(ends) else len(samples)

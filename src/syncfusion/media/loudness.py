"""Integrated loudness of a sound that is written block by block (ITU-R BS.1770-4).

Evaluation measures whole sounds with pyloudnorm (``evaluation.loudness``), which needs all samples
at once. This meter needs one block at a time and agrees with it within 0.1 dB.
"""

import math

import torch
from jaxtyping import Float
from torch import Tensor
from torchaudio.functional import lfilter

from syncfusion.constants import SAMPLE_RATE

HOP = SAMPLE_RATE // 10  # samples between two gating blocks; a block is four hops
BLOCK_HOPS = 4
ABSOLUTE_GATE = -70.0  # LUFS; quieter blocks are ignored
RELATIVE_GATE = 10.0  # LU below the loudness so far, likewise
OFFSET = -0.691  # makes a 997 Hz sine at full scale -3.01 LUFS
K_WEIGHTING = (  # tables 1 and 2, at 48 kHz: (numerator, denominator)
    (
        (1.53512485958697, -2.69169618940638, 1.19839281085285),
        (1.0, -1.69065929318241, 0.73248077421585),
    ),
    ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621)),
)


class LoudnessMeter:
    """Measures the integrated loudness of one channel at 48 kHz.

    The filters' memory is shorter than 0.1 s, so each block is filtered together with the last
    0.1 s of the previous one.
    """

    def __init__(self) -> None:
        self._lead = torch.zeros(1, HOP, dtype=torch.float64)
        self._waiting = torch.zeros(0, dtype=torch.float64)
        self._powers: list[float] = []  # small tensors would pin the heap between large ones

    def add(self, block: Float[Tensor, "1 _"]) -> None:
        """Measure the next samples."""
        samples = torch.cat([self._lead, block.double()], dim=1)
        self._lead = samples[:, -HOP:].clone()
        for numerator, denominator in K_WEIGHTING:
            a, b = (samples.new_tensor(taps) for taps in (denominator, numerator))
            samples = lfilter(samples, a, b, clamp=False)
        waiting = torch.cat([self._waiting, samples[0, HOP:].square()])
        whole = len(waiting) // HOP * HOP
        self._powers += waiting[:whole].unflatten(0, (-1, HOP)).mean(1).tolist()
        self._waiting = waiting[whole:].clone()

    def integrated(self) -> float | None:
        """Return the loudness in LUFS; None under 0.4 s and where all is quieter than -70."""
        hops = torch.tensor(self._powers, dtype=torch.float64)
        if len(hops) < BLOCK_HOPS:
            return None
        powers = hops.unfold(0, BLOCK_HOPS, 1).mean(1)
        powers = powers[_lufs(powers) >= ABSOLUTE_GATE]
        if not len(powers):
            return None
        powers = powers[_lufs(powers) >= _lufs(powers.mean()) - RELATIVE_GATE]
        return _lufs(powers.mean()).item()


def _lufs(power: Float[Tensor, "*block"]) -> Float[Tensor, "*block"]:
    return OFFSET + 10 * power.log10()


def to_dbfs(peak: float) -> float | None:
    """Return a peak amplitude in dB relative to full scale; None for 0."""
    return 20 * math.log10(peak) if peak > 0 else None

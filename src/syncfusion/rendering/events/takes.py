"""Takes: the sound of one event by itself, at one level, on the grid of 24 bits."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from syncfusion.constants import NOISE_PEAK, SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.hits import stroke_end
from syncfusion.media import decay_end
from syncfusion.rendering.render import QUIET_BLOCKS
from syncfusion.rendering.windows import FADE

FULL_SCALE = 2**23  # of 24 bits
TAKE_PEAK = 0.5  # peak of every take, -6 dBFS: two of them at once do not clip
LONGEST_ATTACK = SAMPLE_RATE // 10  # samples of a take before its event, at most


@dataclass(frozen=True)
class Take:
    """The sound of one event.

    Args:
        samples: 48 kHz; whole multiples of 1 / ``FULL_SCALE``, so that sums of takes are exact.
        attack: the sample in it that falls on the event, 0 to ``LONGEST_ATTACK``.
        key: hash of everything that the samples depend on; empty for silence.

    Raises:
        ValueError: if the attack is out of its range.
    """

    samples: Float[Tensor, "1 time"]
    attack: int
    key: str

    def __post_init__(self) -> None:
        if not 0 <= self.attack <= LONGEST_ATTACK:
            raise ValueError(f"an attack is 0 to {LONGEST_ATTACK} samples, not {self.attack}")


SILENCE = Take(torch.zeros(1, 0), 0, "")


def make_take(sound: Float[Tensor, "1 time"], attack: int, key: str) -> Take:
    """Bring a sound to a take's level and grid.

    Args:
        sound: at 48 kHz and any level.
        attack: see ``Take``.
        key: see ``Take``.

    Returns:
        The take, with a peak of ``TAKE_PEAK``; sound that is below ``NOISE_PEAK`` keeps its level.

    Raises:
        InputError: if samples are not finite.
    """
    peak = sound.abs().max().item() if sound.numel() else 0.0
    if not sound.isfinite().all():
        raise InputError(
            "the model made a sound that is not finite; choose other weights, less guidance or "
            "another seed"
        )
    level = TAKE_PEAK / peak if peak > NOISE_PEAK else 1.0
    return Take((sound * (level * FULL_SCALE)).round() / FULL_SCALE, attack, key)


def gated(take: Take, ratio: float) -> Take:
    """End a take where it has decayed or would be struck again, with a fade of ``FADE`` samples.

    One event is one stroke; hits are cut from recordings by the same rule.

    Args:
        take: with its whole tail.
        ratio: RMS, relative to that of its loudest 10 ms, at which it has decayed; 0 for never.

    Returns:
        The shorter take, of the same peak and on the same grid; its key stays.
    """
    hit = take.samples[0]
    if not ratio or not len(hit):
        return take
    end = decay_end(hit, SAMPLE_RATE, ratio=ratio, quiet=QUIET_BLOCKS)
    end = min(end, stroke_end(hit, SAMPLE_RATE))
    kept = hit[: end + FADE].clone()
    kept[end:] *= torch.linspace(1, 0, FADE)[: len(kept) - min(end, len(kept))]
    return make_take(kept[None], take.attack, take.key)

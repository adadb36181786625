"""Guidance: how far to go beyond what a prompt or onsets alone make the model predict."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

Signal = Float[Tensor, "batch channel frame"]


@dataclass(frozen=True, kw_only=True)
class Guidance:
    """Where and how far to exaggerate.

    Args:
        prompt: scale of classifier-free guidance (Ho & Salimans 2022), away from the null or
            negative prompt; 1 for none, and for one evaluation less.
        onsets: the same away from the prediction without onsets; 1 for none.
        interval: levels from and to which it acts (Kynkäänniemi et al. 2024); elsewhere the
            prediction is the plain one, of one evaluation.
        rescale: how much of the plain prediction's standard deviation is restored, from 0 to 1
            (Lin et al. 2024, §3.4); against clipping at high scales.
        batched: predict everything in one call on a larger batch; None for where it is faster, on
            GPUs.

    Raises:
        ValueError: if a number is out of its range.
    """

    prompt: float = 1.0
    onsets: float = 1.0
    interval: Sequence[float] = (0.0, 1.0)
    rescale: float = 0.0
    batched: bool | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "interval", tuple(self.interval))
        if not (math.isfinite(self.prompt) and math.isfinite(self.onsets)):
            raise ValueError(f"guidance takes finite scales, not {self.prompt} and {self.onsets}")
        if len(self.interval) != 2 or not 0 <= self.interval[0] <= self.interval[1] <= 1:
            raise ValueError(f"guidance acts from a level to a higher one, not {self.interval}")
        if not 0 <= self.rescale <= 1:
            raise ValueError(f"guidance is rescaled by 0 to 1, not {self.rescale}")

    def acts_at(self, level: float) -> bool:
        """Return whether it does anything at a noise level."""
        return bool(self.scales) and self.interval[0] <= level <= self.interval[1]

    @property
    def scales(self) -> list[float]:
        """The scales that do something, prompt before onsets."""
        return [scale for scale in (self.prompt, self.onsets) if scale != 1]


def apply_guidance(conditional: Signal, unconditional: Signal, *, scale: float) -> Signal:
    """Move from the unconditional prediction towards, and past, the conditional one.

    Args:
        conditional: prediction with the condition.
        unconditional: prediction without it, or with a negative one.
        scale: 1 is the conditional prediction, 0 the unconditional one, more than 1 exaggerates.

    Returns:
        The guided prediction.
    """
    return unconditional + (conditional - unconditional) * scale


def rescaled(guided: Signal, conditional: Signal, *, share: float) -> Signal:
    """Bring back the spread that guidance has added (Lin et al. 2024, eqs. 15 and 16).

    Args:
        guided: the guided prediction.
        conditional: that without guidance.
        share: 0 leaves the guided prediction, 1 gives it the other's standard deviation.

    Returns:
        The guided prediction, each example scaled.
    """
    spread, wanted = (part.std(dim=(1, 2), keepdim=True) for part in (guided, conditional))
    return guided * (1 - share + share * wanted / spread)


def combined(predictions: Sequence[Signal], guidance: Guidance) -> Signal:
    """Move away from each of some weaker predictions by its scale.

    Args:
        predictions: the plain one, then one without what each of ``guidance.scales`` exaggerates.
        guidance: the scales.

    Returns:
        The guided prediction; with one scale, that of ``apply_guidance``.
    """
    plain, *weaker = predictions
    guided = plain
    for prediction, scale in zip(weaker, guidance.scales, strict=True):
        guided = guided + (apply_guidance(plain, prediction, scale=scale) - plain)
    return rescaled(guided, plain, share=guidance.rescale) if guidance.rescale else guided

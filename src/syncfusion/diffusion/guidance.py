"""Guidance: extrapolation of a prediction away from weaker ones, without prompt or onsets."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from syncfusion.diffusion.types import Signal


@dataclass(frozen=True, kw_only=True)
class Guidance:
    """Scales of guidance, and the noise levels at which it acts.

    Args:
        prompt: scale of classifier-free guidance (Ho & Salimans 2022), away from the null or
            negative prompt; 1 turns it off and saves one evaluation.
        onsets: scale of guidance away from the prediction without onsets; 1 turns it off.
        interval: lowest and highest noise level at which guidance acts (Kynkäänniemi et al. 2024);
            elsewhere the plain prediction is used, which costs one evaluation.
        rescale: fraction of the plain prediction's standard deviation that is restored, 0 to 1
            (Lin et al. 2024, §3.4); prevents clipping at high scales.
        batched: whether all predictions are computed in one call on a larger batch; None batches
            them on GPUs, where that is faster.

    Raises:
        ValueError: if a scale is not finite, or the interval or ``rescale`` is out of range.
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
            raise ValueError(
                f"guidance acts from a noise level to a higher one, not {self.interval}"
            )
        if not 0 <= self.rescale <= 1:
            raise ValueError(f"guidance is rescaled by 0 to 1, not {self.rescale}")

    @classmethod
    def of(cls, guidance: "float | Guidance") -> "Guidance":
        """Return all settings; a number is the scale for the prompt."""
        return guidance if isinstance(guidance, Guidance) else cls(prompt=guidance)

    def acts_at(self, level: float) -> bool:
        """Return whether guidance changes the prediction at a noise level."""
        return bool(self.scales) and self.interval[0] <= level <= self.interval[1]

    @property
    def scales(self) -> list[float]:
        """The scales other than 1, prompt before onsets."""
        return [scale for scale in (self.prompt, self.onsets) if scale != 1]


def apply_guidance(conditional: Signal, unconditional: Signal, *, scale: float) -> Signal:
    """Move from the unconditional prediction towards, and past, the conditional one.

    Args:
        conditional: prediction with the condition.
        unconditional: prediction without it, or with a negative one.
        scale: 0 gives the unconditional prediction, 1 the conditional one; above 1 extrapolates.

    Returns:
        The guided prediction.
    """
    return unconditional + (conditional - unconditional) * scale


def rescaled(guided: Signal, conditional: Signal, *, fraction: float) -> Signal:
    """Restore the standard deviation that guidance raised (Lin et al. 2024, eqs. 15 and 16).

    Args:
        guided: the guided prediction.
        conditional: the prediction without guidance.
        fraction: 0 leaves the guided prediction; 1 gives it the conditional one's deviation.

    Returns:
        The guided prediction, each example scaled.
    """
    raised, plain = (part.std(dim=(1, 2), keepdim=True) for part in (guided, conditional))
    return guided * (1 - fraction + fraction * plain / raised)


def combined(predictions: Sequence[Signal], guidance: Guidance) -> Signal:
    """Extrapolate away from each weaker prediction, by its own scale.

    Args:
        predictions: the plain one, then for each of ``guidance.scales`` one without its condition.
        guidance: the scales.

    Returns:
        The guided prediction; with one scale, it equals that of ``apply_guidance``.
    """
    plain, *weaker = predictions
    guided = plain
    for prediction, scale in zip(weaker, guidance.scales, strict=True):
        guided = guided + (apply_guidance(plain, prediction, scale=scale) - plain)
    return rescaled(guided, plain, fraction=guidance.rescale) if guidance.rescale else guided

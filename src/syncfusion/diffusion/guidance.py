"""Classifier-free guidance (Ho & Salimans 2022)."""

from jaxtyping import Float
from torch import Tensor


def apply_guidance(
    conditional: Float[Tensor, "batch channel frame"],
    unconditional: Float[Tensor, "batch channel frame"],
    *,
    scale: float,
) -> Float[Tensor, "batch channel frame"]:
    """Move from the unconditional prediction towards, and past, the conditional one.

    Args:
        conditional: prediction with the prompt.
        unconditional: prediction with the null prompt, or with a negative one.
        scale: 1 is the conditional prediction, 0 the unconditional one, more than 1 exaggerates.

    Returns:
        The guided prediction.
    """
    return unconditional + (conditional - unconditional) * scale

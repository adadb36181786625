"""Which lengths fit a model, and whether onset features are as long as a signal."""

from collections.abc import Sequence
from itertools import accumulate
from operator import floordiv

from torch import Tensor


def check_length(n_samples: int, factor: int) -> None:
    """Check that a number of samples can be rendered.

    Args:
        n_samples: the number.
        factor: what it has to be a multiple of.

    Raises:
        ValueError: if it is none; says which are the nearest.
    """
    if n_samples > 0 and n_samples % factor == 0:
        return
    below = n_samples // factor * factor
    nearest = f"{below} or {below + factor}" if below else f"{factor}"
    raise ValueError(
        f"{n_samples} samples do not fit this model; "
        f"choose a multiple of {factor}, such as {nearest}"
    )


def check_features(features: Sequence[Tensor], factors: Sequence[int], n_frames: int) -> None:
    """Check that onset features are as long as a signal; others could be broadcast unnoticed.

    Args:
        features: of the onset encoder, one map (batch, channel, frame) per level.
        factors: by how much each level is shorter than the one outside.
        n_frames: frames of the signal.

    Raises:
        ValueError: if they are not.
    """
    expected = list(accumulate(factors, floordiv, initial=n_frames))[1:]
    found = [level.shape[2] for level in features]
    if found != expected:
        raise ValueError(
            f"the onset features are of a signal of {found[0] * factors[0]} frames, "
            f"this one has {n_frames}; encode onsets as long as the signal"
        )

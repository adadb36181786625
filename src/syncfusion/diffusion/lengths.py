"""Checks that a length fits a model, and that onset features fit a signal."""

from collections.abc import Sequence
from itertools import accumulate
from operator import floordiv

from syncfusion.diffusion.types import OnsetFeatures


def check_length(n_samples: int, factor: int) -> None:
    """Check that a number of samples can be rendered.

    Args:
        n_samples: length of the sound.
        factor: the model's factor, of which the length must be a positive multiple.

    Raises:
        ValueError: if it is not; the message names the nearest multiples.
    """
    if n_samples > 0 and n_samples % factor == 0:
        return
    below = n_samples // factor * factor
    nearest = f"{below} or {below + factor}" if below else f"{factor}"
    raise ValueError(
        f"{n_samples} samples do not fit this model; "
        f"choose a multiple of {factor}, such as {nearest}"
    )


def check_features(features: OnsetFeatures, factors: Sequence[int], n_frames: int) -> None:
    """Check that onset features are as long as a signal; other lengths could broadcast unnoticed.

    Args:
        features: the onset encoder's feature maps.
        factors: downsampling factor of each stage.
        n_frames: frames of the signal.

    Raises:
        ValueError: if a feature map has another length.
    """
    expected = list(accumulate(factors, floordiv, initial=n_frames))[1:]
    found = [feature_map.shape[2] for feature_map in features]
    if found != expected:
        raise ValueError(
            f"the onset features are of a signal of {found[0] * factors[0]} frames, "
            f"this one has {n_frames}; encode onsets as long as the signal"
        )

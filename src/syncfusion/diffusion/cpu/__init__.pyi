from .operations import (
    added,
    attention,
    channels_last,
    convolved,
    in_precision,
    make_channels_last,
    mix_channels,
    normed_convolution,
    upsampled,
)

__all__ = [
    "added",
    "attention",
    "channels_last",
    "convolved",
    "in_precision",
    "make_channels_last",
    "mix_channels",
    "normed_convolution",
    "upsampled",
]

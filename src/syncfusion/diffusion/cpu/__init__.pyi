from .operations import (
    added,
    attention,
    convolved,
    in_precision,
    lay_out,
    mix_channels,
    normed_convolution,
    side_by_side,
    upsampled,
)

__all__ = [
    "added",
    "attention",
    "convolved",
    "in_precision",
    "lay_out",
    "mix_channels",
    "normed_convolution",
    "side_by_side",
    "upsampled",
]

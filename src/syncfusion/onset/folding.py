"""Batch norms folded into the convolutions before them, for inference."""

import copy
from itertools import pairwise
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.utils import convert_conv3d_weight_memory_format
from torch.nn.utils.fusion import fuse_conv_bn_weights

from syncfusion.onset.net import VideoOnsetNet


def folded(net: VideoOnsetNet, dtype: torch.dtype | None = None) -> VideoOnsetNet:
    """Return a copy of a net with the same output in eval mode and half as many layers.

    Args:
        net: a net that is already folded, in the given precision, is returned unchanged.
        dtype: precision of the trunk, None for the net's; the head keeps its own.

    Returns:
        A net in eval mode with channels-last weights. It is for inference only: its state dict is
        not that of a checkpoint.
    """
    dtype = dtype or net.dtype
    if net.dtype == dtype and not any(isinstance(part, nn.BatchNorm3d) for part in net.modules()):
        return net
    copied = copy.deepcopy(net).eval().requires_grad_(False)
    for part in copied.modules():
        if isinstance(part, nn.Sequential):
            _fold(part)
    copied.net.to(dtype)
    return convert_conv3d_weight_memory_format(copied, torch.channels_last_3d)


def _fold(parts: nn.Sequential) -> None:
    """Fold each norm into the convolution, or factored convolution, directly before it."""
    for place, (before, norm) in enumerate(pairwise(parts), 1):
        if isinstance(norm, nn.BatchNorm3d):
            conv = cast(nn.Conv3d, before[-1] if isinstance(before, nn.Sequential) else before)
            mean, variance = cast(Tensor, norm.running_mean), cast(Tensor, norm.running_var)
            conv.weight, conv.bias = fuse_conv_bn_weights(
                conv.weight, conv.bias, mean, variance, norm.eps, norm.weight, norm.bias
            )
            parts[place] = nn.Identity()

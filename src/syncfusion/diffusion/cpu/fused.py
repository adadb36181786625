"""Group norm, SiLU and convolution over three frames as one operation with its own backward.

On a CPU this has three advantages. For the backward pass it keeps only its input, not one signal
for each of the three operations. It sums frames in two steps, where torch's group norm sums a
channel's frames one after another and loses two of float32's digits over 2^18 frames. Its gradients
are matrix products, where torch's convolution converts the format of its weights at every call.

Of a signal in bfloat16 the products are in bfloat16 and the rest in float32, so that nothing but
products is rounded; torch's group norm would convert its memory format for the gradient.

Signals are (batch, frame, channel) in this module.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from syncfusion.diffusion.types import ChannelsLast

PerChannel = Float[Tensor, "batch channel"]
PerGroup = Float[Tensor, "batch group"]
WIDE = 512  # channels from which three matrix products are faster than torch's convolution …
WIDE_BFLOAT16 = 1024  # … and its gradient, in bfloat16
ROW = 512  # numbers in a row that is summed or scaled at once


class Moments(NamedTuple):
    """A signal's statistics in a group norm."""

    mean: PerGroup
    inverse_deviation: PerGroup


class NormedConvolution(torch.autograd.Function):
    """``conv(silu(group_norm(signal)))``, with a convolution of kernel 3 and padding 1."""

    @staticmethod
    def forward(
        ctx: Any,
        signal: ChannelsLast,
        scale: Float[Tensor, " channel"],
        shift: Float[Tensor, " channel"],
        weight: Float[Tensor, "out channel 3"],
        bias: Float[Tensor, " out"],
        groups: int,
        epsilon: float,
    ) -> Float[Tensor, "batch frame out"]:
        """Return the result, of the signal's type; the other tensors are as precise or more."""
        frames = signal.to(scale.dtype)
        moments = group_moments(frames, groups, epsilon)
        ctx.save_for_backward(signal, scale, shift, weight, *moments)
        normed = group_normed(frames, scale, shift, moments)
        hidden = functional.silu(normed, inplace=True).to(signal.dtype)
        return _convolved(hidden, weight.to(signal.dtype).unbind(2), bias.to(signal.dtype))

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        """Normalise again, then go back through the three operations."""
        signal, scale, shift, weight, *moments = ctx.saved_tensors
        [gradient] = gradients
        frames = signal.to(scale.dtype)
        normed = group_normed(frames, scale, shift, Moments(*moments))
        hidden = functional.silu(normed).to(signal.dtype)
        to_hidden, to_weight = _convolution_gradients(gradient, hidden, weight.to(signal.dtype))
        to_normed = torch.ops.aten.silu_backward(to_hidden.to(scale.dtype), normed)
        to_signal, to_scale, to_shift = _norm_gradients(to_normed, frames, scale, Moments(*moments))
        to_bias = _sums(gradient.to(scale.dtype)).sum(0).to(scale.dtype)
        to_weight = to_weight.to(weight.dtype)
        return to_signal.to(signal.dtype), to_scale, to_shift, to_weight, to_bias, None, None


def _rows(frames: ChannelsLast) -> Float[Tensor, "batch row several_channel"]:
    """Return the signal with several frames per row, so that rows of few channels are long too."""
    n_frames, n_channels = frames.shape[1:]
    together = max(1, ROW // n_channels)
    while n_frames % together:
        together //= 2
    return frames.reshape(len(frames), n_frames // together, together * n_channels)


def _sums(frames: ChannelsLast) -> PerChannel:
    """Sum over frames in two steps, the second in float64, to keep float32's precision."""
    return _rows(frames).sum(1).double().unflatten(1, (-1, frames.shape[2])).sum(1)


def _scaled(frames: ChannelsLast, scale: PerChannel, shift: PerChannel) -> ChannelsLast:
    rows = _rows(frames)
    repeats = rows.shape[2] // frames.shape[2]
    scale, shift = (part.to(frames.dtype).repeat(1, repeats)[:, None] for part in (scale, shift))
    return torch.addcmul(shift, rows, scale).view(frames.shape)


def group_moments(frames: ChannelsLast, groups: int, epsilon: float) -> Moments:
    """Return the statistics of a group norm, precise to the last digits of float32."""
    n_each = frames[0].numel() // groups
    sums = (_sums(part).unflatten(1, (groups, -1)).sum(2) for part in (frames, frames.square()))
    mean, square = (total / n_each for total in sums)
    return Moments(mean, (square - mean.square() + epsilon).rsqrt())


def _by_channel(moments: Moments, n_channels: int) -> tuple[PerChannel, PerChannel]:
    mean, inverse = (part.repeat_interleave(n_channels // part.shape[1], 1) for part in moments)
    return mean, inverse


def group_normed(
    frames: ChannelsLast,
    scale: Float[Tensor, " channel"],
    shift: Float[Tensor, " channel"],
    moments: Moments,
) -> ChannelsLast:
    """Return a signal that is normalised by its moments, then scaled and shifted."""
    mean, inverse = _by_channel(moments, len(scale))
    return _scaled(frames, inverse * scale, shift - mean * inverse * scale)


def _norm_gradients(
    gradient: ChannelsLast, frames: ChannelsLast, scale: Float[Tensor, " channel"], moments: Moments
) -> tuple[ChannelsLast, Float[Tensor, " channel"], Float[Tensor, " channel"]]:
    """Return the gradients of a group norm's input, scale and shift."""
    mean, inverse = _by_channel(moments, len(scale))
    total, product = _sums(gradient), _sums(gradient * frames)
    slopes = (product - mean * total) * inverse  # sums of the gradient times the normed signal

    def group_mean(part: PerChannel) -> PerChannel:
        each = (part * scale).unflatten(1, (moments.mean.shape[1], -1))
        mean = each.sum(2, keepdim=True).expand_as(each).flatten(1)
        return mean / (each.shape[2] * frames.shape[1])

    slope = -group_mean(slopes) * inverse.square()
    offset = -group_mean(total) * inverse - slope * mean
    rest = _scaled(frames, slope, offset)
    to_signal = rest.add_(_scaled(gradient, inverse * scale, torch.zeros_like(inverse)))
    return to_signal, slopes.sum(0).to(scale.dtype), total.sum(0).to(scale.dtype)


def _convolved(
    frames: ChannelsLast,
    taps: Sequence[Float[Tensor, "out channel"]],
    bias: Float[Tensor, " out"] | None = None,
) -> Float[Tensor, "batch frame out"]:
    """Return the convolution with the taps of the frame before, the frame and the frame after."""
    if len(taps[0]) < WIDE:
        weight = torch.stack(tuple(taps), dim=1).mT  # channels-last
        image = functional.conv2d(frames.mT[:, :, None], weight[:, :, None], bias, padding=(0, 1))
        return image.squeeze(2).mT
    before, here, after = taps
    result = functional.linear(frames, here, bias)
    for into, example in zip(result, frames, strict=True):  # a batched product copies the weights
        into[1:].addmm_(example[:-1], before.T)
        into[:-1].addmm_(example[1:], after.T)
    return result


def _convolution_gradients(
    gradient: Float[Tensor, "batch frame out"],
    frames: ChannelsLast,
    weight: Float[Tensor, "out channel 3"],
) -> tuple[ChannelsLast, Float[Tensor, "out channel 3"]]:
    """Return the gradients of a convolution's input and weight."""
    if frames.dtype == torch.bfloat16 and len(weight) < WIDE_BFLOAT16:
        images = (part.mT[:, :, None] for part in (gradient, frames))
        to_image, to_weight, _ = torch.ops.aten.convolution_backward(
            *images, weight[:, :, None], None, (1, 1), (0, 1), (1, 1), False, (0, 0), 1,
            (True, True, False),
        )  # fmt: skip
        return to_image.squeeze(2).mT, to_weight.squeeze(2)
    to_frames = _convolved(gradient, [tap.T for tap in reversed(weight.unbind(2))])
    return to_frames, _weight_gradient(gradient, frames)


def _weight_gradient(
    gradient: Float[Tensor, "batch frame out"], frames: ChannelsLast
) -> Float[Tensor, "out channel 3"]:
    """Return the gradient of the weight, in channels-last format."""
    result = frames.new_empty(gradient.shape[2], 3, frames.shape[2])
    pairs = (gradient[:, 1:], frames[:, :-1]), (gradient, frames), (gradient[:, :-1], frames[:, 1:])
    for place, (one, other) in enumerate(pairs):
        torch.mm(one[0].T, other[0], out=result[:, place])
        for example in range(1, len(frames)):
            result[:, place].addmm_(one[example].T, other[example])
    return result.mT

"""Operations of the U-Net's layers: torch's own results, computed faster on a CPU.

Tensors are (batch, channel, frame). Results do not depend on the memory format, but with
channels-last (NLC) no operation has to transpose, and convolutions take half the time.
"""

import copy
from typing import Any, TypeVar, cast

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from syncfusion.diffusion.cpu.fused import (
    WIDE_BFLOAT16,
    NormedConvolution,
    group_moments,
    group_normed,
)
from syncfusion.diffusion.types import Heads, Signal

Net = TypeVar("Net", bound=nn.Module)
LONG = 2**14  # frames from which ``normalised`` sums in two steps


def channels_last(signal: Signal) -> Signal:
    """Return a copy of the signal in channels-last memory format; its shape stays the same."""
    return signal.mT.clone(memory_format=torch.contiguous_format).mT


def added(signal: Signal, other: Tensor) -> Signal:
    """Return the sum; without gradients it overwrites ``signal``.

    With gradients, autograd would copy a transposed signal three times for a sum in place.
    """
    return signal + other if torch.is_grad_enabled() else signal.add_(other)


def make_channels_last(module: nn.Module) -> None:
    """Convert the weights of all convolutions to channels-last, so that no call has to."""
    for layer in module.modules():
        if isinstance(layer, nn.Conv1d):
            layer.weight.data = channels_last(layer.weight.data)


def convolved(signal: Signal, conv: nn.Conv1d) -> Float[Tensor, "batch out shorter"]:
    """Return the convolution of a signal, in the signal's memory format.

    A convolution whose stride equals its kernel is a matrix product with non-overlapping blocks of
    frames. Any other runs as a 2D convolution of height 1, since torch's 1D convolution loses the
    memory format.
    """
    if conv.kernel_size == conv.stride:
        blocks = signal.mT.unflatten(1, (-1, conv.stride[0])).flatten(2).mT
        mixed = mix_channels(blocks, conv.weight.mT.flatten(1))
        return mixed if conv.bias is None else added(mixed, conv.bias[:, None])
    image = functional.conv2d(
        signal[:, :, None],
        conv.weight[:, :, None],
        conv.bias,
        stride=(1, conv.stride[0]),
        padding=(0, int(conv.padding[0])),
    )
    return image.squeeze(2)


def normed_convolution(
    signal: Signal, norm: nn.GroupNorm, conv: nn.Conv1d
) -> Float[Tensor, "batch out frame"]:
    """Return ``conv(silu(norm(signal)))``; the convolution's kernel is 3 and its padding 1."""
    if not _trains_by_hand(signal):
        normed = normalised(signal, norm)
        return convolved(functional.silu(normed, inplace=not torch.is_grad_enabled()), conv)
    if torch.is_autocast_enabled("cpu"):
        signal = signal.to(torch.bfloat16)
    frames = NormedConvolution.apply(
        signal.mT, norm.weight, norm.bias, conv.weight, conv.bias, norm.num_groups, norm.eps
    )
    return cast(Tensor, frames).mT


def _trains_by_hand(signal: Tensor) -> bool:
    """Whether to use the hand-written backward: in training on a CPU.

    In bfloat16 it is no faster than torch's; it is used where it saves most memory, for long
    signals, whose activations are large, and for many channels, of whose weights it keeps no copy.
    """
    if not torch.is_grad_enabled() or torch.compiler.is_compiling() or signal.device.type != "cpu":
        return False
    if not torch.is_autocast_enabled("cpu"):
        return True
    is_large = signal.shape[2] > LONG or signal.shape[1] >= WIDE_BFLOAT16
    return is_large and torch.get_autocast_dtype("cpu") == torch.bfloat16


def normalised(signal: Signal, norm: nn.GroupNorm) -> Signal:
    """Return the group norm of a signal, in the signal's memory format.

    In channels-last on a CPU, torch sums a channel's frames one after another, which over 2^18
    frames loses two of float32's digits. Long signals are therefore summed in two steps.
    """
    exact = signal.device.type == "cpu" and signal.dtype == torch.float32
    if exact and signal.shape[2] > LONG and not torch.compiler.is_compiling():
        moments = group_moments(signal.mT, norm.num_groups, norm.eps)
        return group_normed(signal.mT, norm.weight, norm.bias, moments).mT
    return norm(signal[:, :, None]).squeeze(2)  # torch keeps the memory format of images only


def mix_channels(
    signal: Signal, weight: Float[Tensor, "out channel"]
) -> Float[Tensor, "batch out frame"]:
    """Return the product of ``weight`` with every frame.

    In float32 on a CPU it runs as a 1x1 convolution: oneDNN's reaches full speed on any processor,
    MKL's matrix product only half of it on AMD's.
    """
    if _convolves_faster(signal, weight):
        return functional.conv2d(signal[:, :, None], weight[:, :, None, None]).squeeze(2)
    return functional.linear(signal.mT, weight).mT


def _convolves_faster(signal: Tensor, weight: Tensor) -> bool:
    if torch.compiler.is_compiling() or torch.is_autocast_enabled("cpu"):
        return False
    float32 = signal.dtype == weight.dtype == torch.float32 and signal.device.type == "cpu"
    return float32 and torch.get_num_threads() > 1  # with one thread, torch uses MKL for both


def upsampled(
    signal: Signal, conv: nn.Conv1d, factor: int
) -> Float[Tensor, "batch out {factor}*frame"]:
    """Repeat every frame, then convolve over three frames, computed before the repetition.

    Of the copies of frame t, the first is ``w0 x[t-1] + w1 x[t] + w2 x[t]``, the last
    ``w0 x[t] + w1 x[t] + w2 x[t+1]``, and those between apply all three taps to x[t].

    Args:
        signal: the signal to repeat.
        conv: the convolution; its kernel is 3 and its padding 1.
        factor: copies of each frame.

    Returns:
        A signal that is ``factor`` times as long.
    """
    if factor == 1:
        return convolved(signal, conv)
    taps = mix_channels(signal, conv.weight.permute(2, 0, 1).flatten(0, 1))
    before, here, after = taps.mT.chunk(3, dim=2)  # each (batch, frame, channel)
    if conv.bias is not None:
        here = here + conv.bias.to(here.dtype)
    copies = [here + after, *[before + here + after] * (factor - 2), before + here]
    copies[0][:, 1:] += before[:, :-1]
    copies[-1][:, :-1] += after[:, 1:]
    return torch.stack(copies, dim=2).flatten(1, 2).mT


def attention(
    query: Heads,
    key: Float[Tensor, "batch head source feature"],
    value: Float[Tensor, "batch head source feature"],
) -> Heads:
    """Return scaled dot-product attention.

    For bfloat16 on a CPU, without gradients, it is computed head by head: torch's fused kernel does
    not use the processor's bfloat16 products (a third of the speed at 2048 frames).
    """
    head_by_head = query.dtype == torch.bfloat16 and query.device.type == "cpu"
    if not head_by_head or torch.is_grad_enabled():
        return functional.scaled_dot_product_attention(query, key, value)
    query = query * query.shape[-1] ** -0.5
    heads = zip(*(part.flatten(0, 1) for part in (query, key, value)), strict=True)
    mixed = torch.stack([torch.softmax(q @ k.mT, dim=-1) @ v for q, k, v in heads])
    return mixed.unflatten(0, query.shape[:2])


def in_precision(module: Net, dtype: torch.dtype) -> Net:
    """Return a copy of a module whose convolutions and linear layers have weights of another type.

    This saves autocast the conversion at every call. All other weights are shared with the module.

    Args:
        module: any module.
        dtype: type of the converted weights, such as bfloat16.

    Returns:
        The copy, without gradients for the converted weights, to be called under autocast to
        ``dtype``.
    """
    memo: dict[int, Any] = {id(parameter): parameter for parameter in module.parameters()}
    for layer in module.modules():
        if isinstance(layer, nn.Conv1d | nn.Linear):
            for weight in layer.parameters(recurse=False):
                memo[id(weight)] = nn.Parameter(weight.detach().to(dtype), requires_grad=False)
    return copy.deepcopy(module, memo)

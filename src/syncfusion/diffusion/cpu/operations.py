"""What the layers of the U-Net are made of, each the plain operation at the speed of the machine.

Tensors are (batch, channel, frame). All operations are right for any layout in memory; where the
channels of a frame lie side by side, none has to transpose, and convolutions take half the time.
"""

import copy
from typing import Any, TypeVar, cast

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from syncfusion.diffusion.cpu.fused import (
    NormedConvolution,
    group_moments,
    group_normed,
)

Net = TypeVar("Net", bound=nn.Module)
Signal = Float[Tensor, "batch channel frame"]
Heads = Float[Tensor, "batch head token feature"]
LONG = 2**14  # frames; see ``normalised``


def side_by_side(signal: Signal) -> Signal:
    """Return the same signal, with the channels of each frame side by side in memory."""
    return signal.mT.clone(memory_format=torch.contiguous_format).mT


def added(signal: Signal, other: Tensor) -> Signal:
    """Return the sum, in the signal's memory where no gradient is wanted.

    Where one is, writing into a signal that is another view of its memory costs three copies.
    """
    return signal + other if torch.is_grad_enabled() else signal.add_(other)


def lay_out(module: nn.Module) -> None:
    """Lay out the weights of all convolutions as such signals are, so that no call has to."""
    for layer in module.modules():
        if isinstance(layer, nn.Conv1d):
            layer.weight.data = side_by_side(layer.weight.data)


def convolved(signal: Signal, conv: nn.Conv1d) -> Float[Tensor, "batch out shorter"]:
    """Return what a convolution makes of a signal, in the signal's layout.

    One that steps by its own length is a product with every so many frames. Any other is one over
    pictures a single row high, since torch's over lines drops the layout.
    """
    if conv.kernel_size == conv.stride:
        together = signal.mT.unflatten(1, (-1, conv.stride[0])).flatten(2).mT
        mixed = mix_channels(together, conv.weight.mT.flatten(1))
        return mixed if conv.bias is None else added(mixed, conv.bias[:, None])
    picture = functional.conv2d(
        signal[:, :, None],
        conv.weight[:, :, None],
        conv.bias,
        stride=(1, conv.stride[0]),
        padding=(0, int(conv.padding[0])),
    )
    return picture.squeeze(2)


def normed_convolution(
    signal: Signal, norm: nn.GroupNorm, conv: nn.Conv1d
) -> Float[Tensor, "batch out frame"]:
    """Return ``conv(silu(norm(signal)))``, of a convolution over three frames."""
    if not _trains_single(signal):
        normed = normalised(signal, norm)
        return convolved(functional.silu(normed, inplace=not torch.is_grad_enabled()), conv)
    frames = NormedConvolution.apply(
        signal.mT, norm.weight, norm.bias, conv.weight, conv.bias, norm.num_groups, norm.eps
    )
    return cast(Tensor, frames).mT


def _trains_single(signal: Tensor) -> bool:
    """Say whether a gradient written out pays: not for bfloat16, whose own kernels are faster."""
    if not torch.is_grad_enabled() or torch.compiler.is_compiling():
        return False
    return signal.device.type == "cpu" and not torch.is_autocast_enabled("cpu")


def normalised(signal: Signal, norm: nn.GroupNorm) -> Signal:
    """Return what a group norm makes of a signal, in the signal's layout.

    On a CPU torch adds up a channel's frames one after another where channels lie side by side:
    over 2^18 frames that costs two of float32's digits, so long signals are added up in two steps.
    """
    exact = signal.device.type == "cpu" and signal.dtype == torch.float32
    if exact and signal.shape[2] > LONG and not torch.compiler.is_compiling():
        moments = group_moments(signal.mT, norm.num_groups, norm.eps)
        return group_normed(signal.mT, norm.weight, norm.bias, moments).mT
    return norm(signal[:, :, None]).squeeze(2)  # it too keeps the layout of pictures only


def mix_channels(
    signal: Signal, weight: Float[Tensor, "out channel"]
) -> Float[Tensor, "batch out frame"]:
    """Return ``weight`` times every frame.

    In float32 on a CPU that is a convolution over one frame: oneDNN's reaches the speed of the
    machine also where MKL's matrix product does not know it (half of it on AMD's).
    """
    if _convolves_faster(signal, weight):
        return functional.conv2d(signal[:, :, None], weight[:, :, None, None]).squeeze(2)
    return functional.linear(signal.mT, weight).mT


def _convolves_faster(signal: Tensor, weight: Tensor) -> bool:
    if torch.compiler.is_compiling() or torch.is_autocast_enabled("cpu"):
        return False
    single = signal.dtype == weight.dtype == torch.float32 and signal.device.type == "cpu"
    return single and torch.get_num_threads() > 1  # with one, torch takes MKL for both


def upsampled(
    signal: Signal, conv: nn.Conv1d, factor: int
) -> Float[Tensor, "batch out {factor}*frame"]:
    """Repeat every frame, then convolve over three: computed at the rate before repeating.

    Of the copies of frame t, the first sees ``w0 x[t-1] + w1 x[t] + w2 x[t]``, the last
    ``w0 x[t] + w1 x[t] + w2 x[t+1]``, those between all three taps at x[t].

    Args:
        signal: what to repeat.
        conv: the convolution, its kernel 3 and padding 1.
        factor: copies of each frame.

    Returns:
        A signal ``factor`` times as long.
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
    """Return the mean of the values, weighted by the softmax of query times key.

    For bfloat16 on a CPU, without gradients, it is written out head by head: torch's fused kernel
    does not use the machine's bfloat16 products there (a third of the speed at 2048 frames).
    """
    written_out = query.dtype == torch.bfloat16 and query.device.type == "cpu"
    if not written_out or torch.is_grad_enabled():
        return functional.scaled_dot_product_attention(query, key, value)
    query = query * query.shape[-1] ** -0.5
    heads = zip(*(part.flatten(0, 1) for part in (query, key, value)), strict=True)
    mixed = torch.stack([torch.softmax(q @ k.mT, dim=-1) @ v for q, k, v in heads])
    return mixed.unflatten(0, query.shape[:2])


def in_precision(module: Net, dtype: torch.dtype) -> Net:
    """Return a copy of a module whose products hold their weights in another type.

    Autocast converts them at every call instead. All other weights are shared with the module.

    Args:
        module: any; its convolutions and linear layers are converted.
        dtype: such as bfloat16.

    Returns:
        The copy, without gradients, to be called under autocast to the same type.
    """
    memo: dict[int, Any] = {id(parameter): parameter for parameter in module.parameters()}
    for layer in module.modules():
        if isinstance(layer, nn.Conv1d | nn.Linear):
            for weight in layer.parameters(recurse=False):
                memo[id(weight)] = nn.Parameter(weight.detach().to(dtype), requires_grad=False)
    return copy.deepcopy(module, memo)

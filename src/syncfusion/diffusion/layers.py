"""Layers of the U-Net, on tensors (batch, channel, frame); sizes and order are the published ones.

A layer with a condition has two methods: ``prepare`` computes the part that depends on the
condition alone, once per clip, and ``forward`` the rest, at every noise level. Results do not
depend on the memory format; channels-last (``cpu.channels_last``) is the fastest.
"""

import copy
import math
from collections.abc import Mapping
from typing import Any, NamedTuple, cast

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from syncfusion.diffusion.cpu import (
    added,
    attention,
    channels_last,
    mix_channels,
    normed_convolution,
)
from syncfusion.diffusion.types import Heads, LevelFeatures, NoiseLevel, PromptEmbedding, Signal


class LevelEmbedding(nn.Module):
    """Embed a noise level: learned Fourier features, then three layers, the last two tied.

    The published model uses one layer twice (a-unet repeats it), and its checkpoint holds the
    weights under both names. Loading weights in which the two layers differ unties them.

    Args:
        features: size of the result.
        frequencies: number of learned frequencies.
    """

    def __init__(self, features: int, frequencies: int = 128) -> None:
        super().__init__()
        self.frequencies = nn.Parameter(torch.randn(frequencies, device="cpu"))
        self.project = nn.Linear(2 * frequencies + 1, features)
        self.hidden = nn.ModuleList([nn.Linear(features, features)] * 2)

    def _load_from_state_dict(
        self, state_dict: Mapping[str, Tensor], prefix: str, *arguments: Any
    ) -> None:
        both = [state_dict.get(f"{prefix}hidden.{i}.weight") for i in range(2)]
        if both[0] is not None and both[1] is not None and not torch.equal(both[0], both[1]):
            self.hidden[1] = copy.deepcopy(self.hidden[0])
        super()._load_from_state_dict(state_dict, prefix, *arguments)

    def forward(self, level: NoiseLevel) -> LevelFeatures:
        """Embed noise levels in [0, 1]."""
        angle = level[:, None] * self.frequencies * 2 * math.pi
        waves = torch.cat([level[:, None], angle.sin(), angle.cos()], dim=1)
        features = functional.gelu(self.project(waves))
        for layer in self.hidden:
            features = functional.gelu(layer(features))
        return features


class ResnetBlock(nn.Module):
    """Group norm, SiLU and convolution over three frames, twice; then the residual connection.

    Args:
        channels: channels in and out.
        groups: groups of the group norms.
    """

    def __init__(self, channels: int, groups: int) -> None:
        super().__init__()
        self.norms = nn.ModuleList(nn.GroupNorm(groups, channels) for _ in range(2))
        self.convs = nn.ModuleList(nn.Conv1d(channels, channels, 3, padding=1) for _ in range(2))

    def forward(self, signal: Signal) -> Signal:
        """Return the block's output, of the same shape."""
        hidden = signal
        norms, convs = cast("list[nn.GroupNorm]", self.norms), cast("list[nn.Conv1d]", self.convs)
        for norm, conv in zip(norms, convs, strict=True):
            hidden = normed_convolution(hidden, norm, conv)
        return added(hidden, signal)


class AdaLN(nn.Module):
    """Adaptive layer norm: the noise level scales and shifts each frame's normalised channels.

    Args:
        channels: channels of the signal.
        features: size of the embedded noise level.
    """

    def __init__(self, channels: int, features: int) -> None:
        super().__init__()
        self.to_scale_shift = nn.Linear(features, 2 * channels)

    def forward(self, signal: Signal, features: LevelFeatures) -> Signal:
        """Normalise each frame over its channels, then scale and shift it.

        Alone, or sampled on a CPU, an example's scale and shift serve as the layer norm's own
        weights, in one pass: so it has the same result in a batch, which takes rely on.
        """
        both = self.to_scale_shift(functional.silu(features)).to(signal.dtype)
        scale, shift = both.chunk(2, dim=1)
        over, scale = signal.shape[1:2], 1 + scale
        if len(signal) == 1 or not (signal.is_cuda or torch.is_grad_enabled()):
            rows = zip(signal.mT, scale, shift, strict=True)
            normed = [functional.layer_norm(row, over, *own, eps=1e-6) for row, *own in rows]
            return torch.stack(normed).mT
        normed = functional.layer_norm(signal.mT, over, eps=1e-6).mT
        return torch.addcmul(shift[..., None], normed, scale[..., None])


class Injection(NamedTuple):
    """The context's part of an ``Inject``, computed once, and the weights of the signal's part."""

    context: Signal
    weight: Float[Tensor, "channel channel"]


class Inject(nn.Module):
    """Concatenate signal and context, project by a 1x1 convolution, add the result to the signal.

    Args:
        channels: channels of the signal.
        context_channels: channels of the context.
    """

    def __init__(self, channels: int, context_channels: int) -> None:
        super().__init__()
        self.channels = channels
        self.conv = nn.Conv1d(channels + context_channels, channels, 1)

    def prepare(self, context: Float[Tensor, "batch context frame"]) -> Injection:
        """Return the projected context, and the weights that project the signal."""
        own, weight = self.conv.weight.squeeze(2).tensor_split([self.channels], dim=1)
        projected = mix_channels(channels_last(context), weight)
        if self.conv.bias is not None:
            projected = added(projected, self.conv.bias[:, None])
        own = own.to(projected.dtype)
        # for sampling, a contiguous copy that every step reads; training must not keep a copy
        return Injection(projected, own if torch.is_grad_enabled() else own.contiguous())

    def forward(self, signal: Signal, injection: Injection) -> Signal:
        """Add the projections of signal and context to the signal."""
        return added(added(mix_channels(signal, injection.weight), signal), injection.context)


class Attention(nn.Module):
    """Multi-head attention of frames to a context: pre-normed, with a residual connection.

    Args:
        channels: channels of the signal.
        context_features: size of a context token; the signal's channels for self-attention.
        heads: number of heads.
        head_features: size of a head.
    """

    def __init__(
        self, channels: int, context_features: int, heads: int, head_features: int
    ) -> None:
        super().__init__()
        self.heads = heads
        self.norm = nn.LayerNorm(channels)
        self.norm_context = nn.LayerNorm(context_features)
        self.to_query = nn.Linear(channels, heads * head_features, bias=False)
        self.to_key_value = nn.Linear(context_features, 2 * heads * head_features, bias=False)
        self.to_out = nn.Linear(heads * head_features, channels, bias=False)

    def _split_heads(self, channels: Float[Tensor, "batch heads_feature token"]) -> Heads:
        return channels.unflatten(1, (self.heads, -1)).mT

    def key_value(self, context: Float[Tensor, "batch token context_feature"]) -> list[Tensor]:
        """Return the keys and the values (batch, head, token, feature) of a context."""
        both = mix_channels(self.norm_context(context).mT, self.to_key_value.weight)
        return [self._split_heads(part) for part in both.chunk(2, dim=1)]

    def attend(self, signal: Signal, key_value: list[Tensor]) -> Signal:
        """Return the signal plus its frames' attention to keys and values."""
        query = self._split_heads(mix_channels(self.norm(signal.mT).mT, self.to_query.weight))
        return added(self.out(attention(query, *key_value)), signal)

    def out(self, heads: Heads) -> Signal:
        """Project the heads' output to the channels of the signal."""
        return mix_channels(heads.mT.flatten(1, 2), self.to_out.weight)


class SelfAttention(Attention):
    """Attention of a signal's frames to each other.

    Args:
        channels: channels of the signal.
        heads: number of heads.
        head_features: size of a head.
    """

    def __init__(self, channels: int, heads: int, head_features: int) -> None:
        super().__init__(channels, channels, heads, head_features)

    def forward(self, signal: Signal) -> Signal:
        """Return the signal plus the attention of each frame to all frames."""
        return self.attend(signal, self.key_value(signal.mT))


class PromptAttention(Attention):
    """Attention to the prompt; with one token the softmax is 1 and the result is a bias."""

    def freeze_queries(self) -> None:
        """Keep the queries' weights as they are: they have no effect where there is one token."""
        self.norm.requires_grad_(False)
        self.to_query.requires_grad_(False)

    def prepare(self, prompt: PromptEmbedding) -> list[Tensor]:
        """Return one bias (batch, channel, 1) for one token, otherwise keys and values."""
        key_value = self.key_value(prompt)
        return key_value if prompt.shape[1] > 1 else [self.out(key_value[1])]

    def forward(self, signal: Signal, prepared: list[Tensor]) -> Signal:
        """Return the signal plus its attention to the prompt."""
        return signal + prepared[0] if len(prepared) == 1 else self.attend(signal, prepared)

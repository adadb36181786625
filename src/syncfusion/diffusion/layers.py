"""Layers of the U-Net, on tensors (batch, channel, frame); sizes and order are the published ones.

Each layer that depends on a condition splits in two: what the condition alone decides, computed
once per clip, and what is left to do at every noise level.

They are right for any layout in memory, and fastest for that of ``operations.side_by_side``.
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
    mix_channels,
    normed_convolution,
    side_by_side,
)

Signal = Float[Tensor, "batch channel frame"]
Prompt = Float[Tensor, "batch token prompt_feature"]
LevelFeatures = Float[Tensor, "batch level_feature"]
Heads = Float[Tensor, "batch head token feature"]


class LevelEmbedding(nn.Module):
    """Noise level -> features: learned Fourier features, then two layers.

    The two layers are one, as in the published model (a-unet repeats it), whose checkpoint holds
    it under both names. Weights in which they differ part them when they are loaded.

    Args:
        features: size of the result.
        frequencies: number of learned frequencies.
    """

    def __init__(self, features: int, frequencies: int = 128) -> None:
        super().__init__()
        self.frequencies = nn.Parameter(torch.randn(frequencies))
        self.project = nn.Linear(2 * frequencies + 1, features)
        self.hidden = nn.ModuleList([nn.Linear(features, features)] * 2)

    def _load_from_state_dict(
        self, state_dict: Mapping[str, Tensor], prefix: str, *arguments: Any
    ) -> None:
        both = [state_dict.get(f"{prefix}hidden.{i}.weight") for i in range(2)]
        if both[0] is not None and both[1] is not None and not torch.equal(both[0], both[1]):
            self.hidden[1] = copy.deepcopy(self.hidden[0])
        super()._load_from_state_dict(state_dict, prefix, *arguments)

    def forward(self, level: Float[Tensor, " batch"]) -> LevelFeatures:
        """Embed levels in [0, 1]."""
        angle = level[:, None] * self.frequencies * 2 * math.pi
        waves = torch.cat([level[:, None], angle.sin(), angle.cos()], dim=1)
        features = functional.gelu(self.project(waves))
        for layer in self.hidden:
            features = functional.gelu(layer(features))
        return features


class ResnetBlock(nn.Module):
    """Two times norm, SiLU, convolution over three frames; added to the input.

    Args:
        channels: channels in and out.
        groups: groups of the group norms.
    """

    def __init__(self, channels: int, groups: int) -> None:
        super().__init__()
        self.norms = nn.ModuleList(nn.GroupNorm(groups, channels) for _ in range(2))
        self.convs = nn.ModuleList(nn.Conv1d(channels, channels, 3, padding=1) for _ in range(2))

    def forward(self, signal: Signal) -> Signal:
        """Refine a signal."""
        hidden = signal
        norms, convs = cast("list[nn.GroupNorm]", self.norms), cast("list[nn.Conv1d]", self.convs)
        for norm, conv in zip(norms, convs, strict=True):
            hidden = normed_convolution(hidden, norm, conv)
        return added(hidden, signal)


class Modulation(nn.Module):
    """Adaptive layer norm: features scale and shift the normalised channels of every frame.

    Args:
        channels: channels of the signal.
        features: size of the level features.
    """

    def __init__(self, channels: int, features: int) -> None:
        super().__init__()
        self.to_scale_shift = nn.Linear(features, 2 * channels)

    def forward(self, signal: Signal, features: LevelFeatures) -> Signal:
        """Normalise each frame over its channels, then scale and shift.

        For one example that is a layer norm whose own weights they are, in one pass.
        """
        both = self.to_scale_shift(functional.silu(features)).to(signal.dtype)
        scale, shift = both.chunk(2, dim=1)
        over, scale = signal.shape[1:2], 1 + scale
        if len(signal) == 1:
            return functional.layer_norm(signal.mT, over, scale[0], shift[0], eps=1e-6).mT
        normed = functional.layer_norm(signal.mT, over, eps=1e-6).mT
        return torch.addcmul(shift[..., None], normed, scale[..., None])


class Injection(NamedTuple):
    """What the context decides in an ``Inject``, and the weights of what it does not."""

    share: Signal
    weight: Float[Tensor, "channel channel"]


class Inject(nn.Module):
    """Concatenate context channels, mix by a convolution over one frame, add to the input.

    Args:
        channels: channels of the signal.
        context_channels: channels of the context.
    """

    def __init__(self, channels: int, context_channels: int) -> None:
        super().__init__()
        self.channels = channels
        self.conv = nn.Conv1d(channels + context_channels, channels, 1)

    def prepare(self, context: Float[Tensor, "batch context frame"]) -> Injection:
        """Return the context's share of the mix, and how to mix the signal."""
        own, weight = self.conv.weight.squeeze(2).tensor_split([self.channels], dim=1)
        share = mix_channels(side_by_side(context), weight)
        if self.conv.bias is not None:
            share = added(share, self.conv.bias[:, None])
        own = own.to(share.dtype)  # for many levels a copy that lies together; training keeps none
        return Injection(share, own if torch.is_grad_enabled() else own.contiguous())

    def forward(self, signal: Signal, injection: Injection) -> Signal:
        """Add the signal's own share, and the context's."""
        return added(added(mix_channels(signal, injection.weight), signal), injection.share)


class Attention(nn.Module):
    """Multi-head attention over frames, pre-normed and added to the input.

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
        """Return keys and values (batch head token feature) of a context."""
        both = mix_channels(self.norm_context(context).mT, self.to_key_value.weight)
        return [self._split_heads(part) for part in both.chunk(2, dim=1)]

    def attend(self, signal: Signal, key_value: list[Tensor]) -> Signal:
        """Let every frame of the signal look at the context's tokens."""
        query = self._split_heads(mix_channels(self.norm(signal.mT).mT, self.to_query.weight))
        return added(self.out(attention(query, *key_value)), signal)

    def out(self, heads: Heads) -> Signal:
        """Bring what the heads found back to the channels of the signal."""
        return mix_channels(heads.mT.flatten(1, 2), self.to_out.weight)


class SelfAttention(Attention):
    """Attention of a signal to itself.

    Args:
        channels: channels of the signal.
        heads: number of heads.
        head_features: size of a head.
    """

    def __init__(self, channels: int, heads: int, head_features: int) -> None:
        super().__init__(channels, channels, heads, head_features)

    def forward(self, signal: Signal) -> Signal:
        """Let every frame look at every frame."""
        return self.attend(signal, self.key_value(signal.mT))


class PromptAttention(Attention):
    """Attention to the prompt; with one token its softmax is 1, and all of it a bias."""

    def prepare(self, prompt: Prompt) -> list[Tensor]:
        """Return a bias (batch channel 1) for one token, else keys and values."""
        key_value = self.key_value(prompt)
        return key_value if prompt.shape[1] > 1 else [self.out(key_value[1])]

    def forward(self, signal: Signal, prepared: list[Tensor]) -> Signal:
        """Add what the prompt says."""
        return signal + prepared[0] if len(prepared) == 1 else self.attend(signal, prepared)

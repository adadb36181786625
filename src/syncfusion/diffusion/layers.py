"""Layers of the U-Net, on tensors (batch, channel, frame); sizes and order are the published ones.

Each layer that depends on a condition splits in two: what the condition alone decides, computed
once per clip, and what is left to do at every noise level.
"""

import math

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

Signal = Float[Tensor, "batch channel frame"]
Prompt = Float[Tensor, "batch token prompt_feature"]
LevelFeatures = Float[Tensor, "batch level_feature"]


class LevelEmbedding(nn.Module):
    """Noise level -> features: learned Fourier features, then two layers.

    Args:
        features: size of the result.
        frequencies: number of learned frequencies.
    """

    def __init__(self, features: int, frequencies: int = 128) -> None:
        super().__init__()
        self.frequencies = nn.Parameter(torch.randn(frequencies))
        self.project = nn.Linear(2 * frequencies + 1, features)
        self.hidden = nn.ModuleList(nn.Linear(features, features) for _ in range(2))

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
        for norm, conv in zip(self.norms, self.convs, strict=True):
            hidden = conv(functional.silu(norm(hidden)))
        return signal + hidden


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
        """Normalise each frame over its channels, then scale and shift."""
        scale, shift = self.to_scale_shift(functional.silu(features))[..., None].chunk(2, dim=1)
        variance, mean = torch.var_mean(signal, dim=1, correction=0, keepdim=True)
        return (signal - mean) * (torch.rsqrt(variance + 1e-6) * (1 + scale)) + shift


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

    def prepare(self, context: Float[Tensor, "batch context frame"]) -> Signal:
        """Return the context's share of the mix."""
        return functional.conv1d(context, self.conv.weight[:, self.channels :], self.conv.bias)

    def forward(self, signal: Signal, share: Signal) -> Signal:
        """Add the signal's own share, and the context's."""
        own = functional.conv1d(signal, self.conv.weight[:, : self.channels])
        return signal + own + share


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

    def _split_heads(self, tokens: Float[Tensor, "batch token feature"]) -> Tensor:
        return tokens.unflatten(2, (self.heads, -1)).transpose(1, 2)

    def key_value(self, context: Float[Tensor, "batch token context_feature"]) -> list[Tensor]:
        """Return keys and values (batch head token feature) of a context."""
        both = self.to_key_value(self.norm_context(context)).chunk(2, dim=-1)
        return [self._split_heads(part) for part in both]

    def attend(self, signal: Signal, key_value: list[Tensor]) -> Signal:
        """Let every frame of the signal look at the context's tokens."""
        query = self._split_heads(self.to_query(self.norm(signal.mT)))
        key, value = key_value
        mixed = functional.scaled_dot_product_attention(query, key, value)
        return signal + self.to_out(mixed.transpose(1, 2).flatten(2)).mT


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
        if prompt.shape[1] > 1:
            return key_value
        return [self.to_out(key_value[1].transpose(1, 2).flatten(2)).mT]

    def forward(self, signal: Signal, prepared: list[Tensor]) -> Signal:
        """Add what the prompt says."""
        return signal + prepared[0] if len(prepared) == 1 else self.attend(signal, prepared)

"""The onset net as a streaming net: a video of any length, every frame computed once.

A convolution over time needs the previous and the next frame. So each layer keeps its last two
input frames and returns all outputs but the newest, and the shortcut of a block is delayed until
the block's output is there. Fed piece by piece, this returns the same as the net for the whole
video, in constant memory and without overlapping windows.
"""

from collections.abc import Iterable, Iterator
from typing import cast

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from syncfusion.onset.blocks import ResidualBlock
from syncfusion.onset.net import VideoOnsetNet, with_differences

LEAST_FRAMES = 24  # of the first piece; exceeds the lookahead of the deepest net, 19

Frames = Float[Tensor, "batch 3 frame height width"]
Features = Float[Tensor, "batch _channel _frame *_place"]  # each layer has its own size


class OnsetStream:
    """The state of the net for one video that is fed piece by piece.

    Args:
        net: in eval mode, with folded batch norms (see ``folding``).
        compiled: whether ``torch.compile`` fuses the layers. Compiling takes minutes, so it pays
            for many or long videos on a GPU.
    """

    def __init__(self, net: VideoOnsetNet, *, compiled: bool = False) -> None:
        self._net = net
        self._advance = torch.compile(_advance) if compiled else _advance
        self._kept: list[Tensor] | None = None

    def feed(self, frames: Frames, *, last: bool) -> Float[Tensor, "batch decided"]:
        """Process the next frames.

        Args:
            frames: ImageNet-normalised; the first piece has at least ``LEAST_FRAMES`` unless it is
                also the last.
            last: whether the video ends with these frames.

        Returns:
            Logits of the frames whose lookahead is complete, in order: about 20 fewer than fed at
            first, and all remaining ones with the last piece.
        """
        logits, self._kept = self._advance(self._net, frames, self._kept, last)
        return logits


class _Memory:
    """What the layers kept of the previous piece and what they keep of this one.

    Both are lists in the order of the layers, so that compiled code handles tensors only.
    """

    def __init__(self, kept: list[Tensor] | None, last: bool) -> None:
        self.first = kept is None
        self.last = last
        self.kept: list[Tensor] = []
        self._before: Iterator[Tensor] = iter(kept or ())

    def before(self) -> Tensor:
        """Return what the layer kept of the previous piece."""
        return next(self._before)

    def keep(self, frames: Tensor) -> None:
        """Keep a copy of some frames for the next piece, so that the whole tensor is freed."""
        self.kept.append(frames.clone())


def _advance(
    net: VideoOnsetNet, frames: Frames, kept: list[Tensor] | None, last: bool
) -> tuple[Tensor, list[Tensor]]:
    memory = _Memory(kept, last)
    if net.config.difference:
        before = frames[:, :, :1] if memory.first else memory.before()
        memory.keep(frames[:, :, -1:])
        frames = with_differences(frames, before)
    stem, *layers = cast("Iterable[nn.Sequential]", net.net.model)
    features = _pair(stem, frames.to(net.dtype), memory).relu_()
    for layer in layers:
        for block in cast("Iterable[ResidualBlock]", layer):
            features = _block(block, features, memory)
    return _head(net, features, memory), memory.kept


def _block(block: ResidualBlock, features: Features, memory: _Memory) -> Features:
    shortcut = features if block.downsample is None else block.downsample(features)
    hidden = _pair(cast(nn.Sequential, block.conv1[0]), features, memory).relu_()
    hidden = _pair(cast(nn.Sequential, block.conv2[0]), hidden, memory)
    return _joined(hidden, shortcut, memory).relu_()


def _pair(parts: nn.Sequential, features: Features, memory: _Memory) -> Features:
    """Convolve in space, then in time."""
    return parts[3](_with_neighbours(parts[0](features), memory), padding=0)


def _head(net: VideoOnsetNet, features: Features, memory: _Memory) -> Tensor:
    pooled = net.pooled(features)
    if net.config.head == "linear":
        return net.fc(pooled.transpose(1, 2)).squeeze(2)
    for conv in (net.fc[0], net.fc[2]):  # pooled features are positive, so the ReLU changes nothing
        conv = cast(nn.Conv1d, conv)
        pooled = functional.conv1d(_with_neighbours(pooled, memory), conv.weight, conv.bias)
    return pooled.squeeze(1)


def _with_neighbours(hidden: Features, memory: _Memory) -> Features:
    """Apply ReLU and prepend the frames kept of the previous piece.

    The first frame follows a frame of zeros and the last precedes one, as the net pads. The ReLU
    writes where the next layer reads: one pass over memory instead of two.
    """
    frames = hidden.movedim(1, -1)  # channels last, as they lie in memory
    before = torch.zeros_like(frames[:, :1]) if memory.first else memory.before()
    start, stop = before.shape[1], before.shape[1] + frames.shape[1]
    n_frames = stop + 1 if memory.last else stop
    room = frames.new_empty([len(frames), n_frames, *frames.shape[2:]])
    room[:, :start] = before
    torch.clamp_min(frames, 0, out=room[:, start:stop])
    room[:, stop:] = 0
    memory.keep(room[:, -2:])
    return room.movedim(-1, 1)


def _joined(hidden: Features, shortcut: Features, memory: _Memory) -> Features:
    """Add the shortcut to the block's output, which is a few frames behind it."""
    start = 0
    if not memory.first:
        before = memory.before()
        start = before.shape[2]
        hidden[:, :, :start] += before
    waiting = hidden.shape[2] - start
    hidden[:, :, start:] += shortcut[:, :, :waiting]
    memory.keep(shortcut[:, :, waiting:])
    return hidden

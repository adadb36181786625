"""What a detector says of one clip, whole and chunk by chunk as published."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn

from syncfusion.onset import (
    CHUNK_SECONDS,
    Clip,
    Decoding,
    FrameBatch,
    SlidingWindow,
    decode_onsets,
    logits_of,
    onset_probabilities,
)
from syncfusion.track import OnsetTrack


@dataclass(frozen=True)
class Judgement:
    """A clip and what a detector says of it.

    Args:
        clip: with its annotation.
        probabilities: per frame of the whole clip.
        chunk_logits: of the clip's whole 2 s chunks, each seen by itself.
        found: the onsets picked from ``probabilities``.
    """

    clip: Clip
    probabilities: Float[Tensor, " clip_frame"]
    chunk_logits: Float[Tensor, "chunk frame"]
    found: OnsetTrack


def judge(
    net: nn.Module,
    clip: Clip,
    *,
    decoding: Decoding,
    sliding_window: SlidingWindow,
    device: torch.device | str = "cpu",
) -> Judgement:
    """Let a detector look at a clip.

    Args:
        net: normalised frames (batch, 3, frame, height, width) -> logits (batch, frame).
        clip: at the size the net was trained on.
        decoding: how onsets are picked.
        sliding_window: how the whole clip is passed through the net.
        device: where the net is.

    Returns:
        Both views of the clip.
    """
    probabilities = onset_probabilities(
        net, clip.batches(), sliding_window=sliding_window, device=device
    )
    return Judgement(
        clip,
        probabilities,
        _chunk_logits(net, clip, bfloat16=sliding_window.bfloat16, device=device),
        decode_onsets(probabilities, fps=clip.fps, duration=clip.duration, decoding=decoding),
    )


def _chunk_logits(
    net: nn.Module, clip: Clip, *, bfloat16: bool, device: torch.device | str
) -> Float[Tensor, "chunk frame"]:
    length = int(CHUNK_SECONDS * clip.fps)
    n_chunks = min(int(clip.duration / CHUNK_SECONDS), len(clip) // length)
    alone = SlidingWindow(window_frames=length, overlap_frames=0, bfloat16=bfloat16)
    frames = _first(clip.batches(), n_chunks * length)
    probabilities = onset_probabilities(net, frames, sliding_window=alone, device=device)
    return logits_of(probabilities).reshape(n_chunks, length)


def _first(batches: Iterable[FrameBatch], n_frames: int) -> Iterator[FrameBatch]:
    """Pass on the first frames: what is left over after the last chunk would blur into it."""
    for batch in batches:
        if n_frames <= 0:
            return
        yield batch[:n_frames]
        n_frames -= len(batch)

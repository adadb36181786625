"""Predictions of a detector for one clip: over the whole clip, and per 2 s chunk as published."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from syncfusion.onset import (
    CHUNK_SECONDS,
    Clip,
    Decoding,
    FrameBatch,
    MotionOnsetNet,
    SlidingWindow,
    clip_motion,
    decode_onsets,
    logits_of,
    onset_curve,
    onset_probabilities,
    read_motion,
    source_video,
)
from syncfusion.track import OnsetTrack


@dataclass(frozen=True)
class ClipPrediction:
    """A clip and what a detector predicts for it.

    Args:
        clip: frames and annotation.
        probabilities: one per frame of the whole clip.
        chunk_logits: logits of the clip's complete 2 s chunks, each passed through the net alone.
        estimate: the onsets decoded from ``probabilities``.
        of_frames: whether only the clip's frames were read, not its raw video.
    """

    clip: Clip
    probabilities: Float[Tensor, " clip_frame"]
    chunk_logits: Float[Tensor, "chunk frame"]
    estimate: OnsetTrack
    of_frames: bool = True


def predict_clip(
    net: nn.Module,
    clip: Clip,
    *,
    decoding: Decoding,
    sliding_window: SlidingWindow,
    device: torch.device | str = "cpu",
) -> ClipPrediction:
    """Run a detector on a clip.

    Args:
        net: normalised frames (batch, 3, frame, height, width) -> logits (batch, frame), or a net
            that reads motion.
        clip: frames at the size the net was trained on; of any size for motion, which is read from
            the raw video where the clip has one.
        decoding: settings of the onset decoder.
        sliding_window: how the whole clip is passed through the net.
        device: device of the net.

    Returns:
        The predictions for the whole clip and for its chunks.
    """
    if isinstance(net, MotionOnsetNet):
        return _predict_from_motion(net, clip, decoding)
    probabilities = onset_probabilities(
        net, clip.batches(), sliding_window=sliding_window, device=device
    )
    return ClipPrediction(
        clip,
        probabilities,
        _chunk_logits(net, clip, bfloat16=sliding_window.bfloat16, device=device),
        decode_onsets(probabilities, fps=clip.fps, duration=clip.duration, decoding=decoding),
    )


def _predict_from_motion(net: MotionOnsetNet, clip: Clip, decoding: Decoding) -> ClipPrediction:
    """Predict from the raw video's motion, or the frames'; chunks are cut from the whole curve."""
    video = source_video(clip.folder, clip.duration)
    motion = clip_motion(clip) if video is None else read_motion(video)
    with torch.autocast(next(net.parameters()).device.type, enabled=False):  # as for users
        curve = onset_curve(net, motion)
    times = np.arange(len(clip)) / clip.fps
    probabilities = torch.from_numpy(np.interp(times, curve.times, curve.probabilities)).float()
    length = int(CHUNK_SECONDS * clip.fps)
    n_chunks = min(int(clip.duration / CHUNK_SECONDS), len(clip) // length)
    chunks = logits_of(probabilities[: n_chunks * length]).reshape(n_chunks, length)
    estimate = curve.onsets(decoding)
    return ClipPrediction(clip, probabilities, chunks, estimate, of_frames=video is None)


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
    """Yield the first frames only: frames after the last chunk would affect its logits."""
    for batch in batches:
        if n_frames <= 0:
            return
        yield batch[:n_frames]
        n_frames -= len(batch)

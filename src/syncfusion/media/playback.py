"""Frames and sound of a video from one decoding pass."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import UInt8

from syncfusion.media.audio import Waveform
from syncfusion.media.isolation import answers
from syncfusion.media.single_pass import passed_once
from syncfusion.media.video_info import VideoInfo

OnFrame = Callable[[UInt8[np.ndarray, "height width 3"]], object]


class Soundtrack(NamedTuple):
    """A video's sound: the mean of its channels at its own sample rate, and their number."""

    mono: Waveform
    n_channels: int


def play(
    video: VideoInfo, *, fps: float, width: int, height: int, on_frame: OnFrame
) -> Soundtrack | None:
    """Decode a video once, in one thread; callers process several videos in parallel.

    Args:
        video: the file and its properties, from ``probe``.
        fps: frame rate of the frames, sampled at the same times as by ``media.read_frames``.
        width: pixels of the frames; the displayed (rotated) picture is scaled to it.
        height: likewise.
        on_frame: called with each RGB frame in order, ``frame_count(video.duration, fps)`` times.

    Returns:
        The sound from the video's time 0 on; None if there is none that can be decoded.

    Raises:
        InputError: if the file cannot be read.
    """
    blocks, sample_rate, n_channels = [], 0, 0
    for kind, *values in answers(video.path, passed_once, video, fps, (width, height)):
        if kind == "frames":
            for pixels in values:
                on_frame(pixels)
        elif kind == "sound":
            blocks += values
        else:
            [(sample_rate, n_channels)] = values
    if not any(block.size for block in blocks):
        return None
    samples = torch.from_numpy(np.concatenate(blocks, axis=1))
    return Soundtrack(Waveform(samples, sample_rate), n_channels)

"""The onset curve of a video, by either kind of detector."""

import torch

from syncfusion.constants import FRAME_RATE
from syncfusion.media import VideoInfo, read_frames
from syncfusion.onset import (
    MotionOnsetNet,
    OnsetCurve,
    SlidingWindow,
    StrengthModel,
    VideoOnsetNet,
    onset_curve,
    onset_probabilities,
    read_motion,
)
from syncfusion.progress import Progress, counted
from syncfusion.timing import frame_count


def detect_curve(
    net: VideoOnsetNet | MotionOnsetNet,
    info: VideoInfo,
    *,
    frame_size: int,
    device: torch.device,
    progress: Progress,
    strength: StrengthModel | None = None,
) -> OnsetCurve:
    """Return the probability of an onset over time.

    Args:
        net: the detector, on the device.
        info: the video.
        frame_size: width and height, in pixels, of a detector of frames.
        device: of the net.
        progress: called with ("Looking for onsets", frames read, frames in all).
        strength: gives gains from motion, for a detector of motion; None for equal gains.

    Returns:
        The curve at its frames' times.

    Raises:
        InputError: if the video cannot be read.
    """
    if isinstance(net, MotionOnsetNet):
        return onset_curve(net, read_motion(info, progress), strength)
    frames = read_frames(info, fps=FRAME_RATE, width=frame_size, height=frame_size)
    probabilities = onset_probabilities(
        net,
        counted(frames, "Looking for onsets", frame_count(info.duration, FRAME_RATE), progress),
        sliding_window=SlidingWindow.fast_on(device),
        device=device,
    )
    return OnsetCurve.at_rate(probabilities, FRAME_RATE, info.duration)

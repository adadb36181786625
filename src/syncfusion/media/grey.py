"""Reading a video's own pictures, small and grey, with their own times: what optical flow needs."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jaxtyping import UInt8

from syncfusion.media.isolation import answers
from syncfusion.media.pictures import read_pictures
from syncfusion.media.probing import probe
from syncfusion.media.scaling import Filter
from syncfusion.media.video_info import VideoInfo

GreyPixels = UInt8[np.ndarray, "height width"]
GreyBatch = UInt8[np.ndarray, "picture height width"]

BATCH = 16  # pictures that come from the process that decodes at once: each time costs 0.1 ms


class GreyPicture(NamedTuple):
    """A picture's luma and the second at which it appears."""

    pixels: GreyPixels
    time: float


def read_grey(
    video: VideoInfo | str | Path, *, width: int, height: int, maximum_fps: float
) -> Iterator[GreyPicture]:
    """Read a video's pictures once, in display order, in constant memory.

    Every picture is decoded, but only those that are kept are scaled, so the cost per second is
    bounded for videos of high frame rate and of any size.

    Args:
        video: result of ``probe``, or the file.
        width: pixels; the displayed (rotated) picture is scaled to it.
        height: likewise.
        maximum_fps: a picture that follows the last kept one by less than the inverse is skipped.

    Yields:
        Pictures and their times, ascending. Damaged pictures are left out.

    Raises:
        InputError: if the file is missing, no video, or without a picture that can be decoded.
    """
    info = probe(video)
    for pixels, times in answers(info.path, grey_batches, info, (width, height), maximum_fps):
        yield from map(GreyPicture, pixels, times)


def grey_batches(
    video: VideoInfo, size: tuple[int, int], maximum_fps: float
) -> Iterator[tuple[GreyBatch, list[float]]]:
    """Yield pixels and times of ``read_grey``; it runs in the process that decodes."""
    luma = Filter((("format", "gray"),), size)
    pixels, times, last = [], [], -np.inf
    for picture, time in read_pictures(video):
        if time - last >= 1 / maximum_fps:
            last = time
            pixels.append(luma(picture).to_ndarray())
            times.append(time)
            if len(times) == BATCH:
                yield np.stack(pixels), times
                pixels, times = [], []
    if times:
        yield np.stack(pixels), times

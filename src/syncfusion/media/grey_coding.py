"""Grey pictures through an encoder and back: what compression does to them."""

from collections import deque
from collections.abc import Iterable, Iterator

import av
import numpy as np

from syncfusion.media.grey import GreyPicture
from syncfusion.media.reencoding import CLOCK

NO_COLOUR = np.uint8(128)


def recompressed(pictures: Iterable[GreyPicture], *, quality: int) -> Iterator[GreyPicture]:
    """Encode pictures as H.264 and decode them, streaming.

    Args:
        pictures: of one size, its sides even.
        quality: x264's constant rate factor, 0 (best) to 51.

    Yields:
        As many pictures, with the times of those given.
    """
    encoder: av.VideoCodecContext | None = None
    decoder: av.VideoCodecContext = av.CodecContext.create("h264", "r")  # type: ignore[assignment]
    decoder.thread_count = 1
    times: deque[float] = deque()
    for number, picture in enumerate(pictures):
        encoder = encoder or _encoder(picture.pixels.shape, quality)
        times.append(picture.time)
        height, width = picture.pixels.shape
        planes = np.concatenate([picture.pixels, np.full((height // 2, width), NO_COLOUR)])
        frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
        frame.pts = number
        yield from _decoded(decoder, encoder.encode(frame), times)
    if encoder is not None:
        yield from _decoded(decoder, [*encoder.encode(None), None], times)


def _encoder(shape: tuple[int, ...], quality: int) -> av.VideoCodecContext:
    encoder: av.VideoCodecContext = av.CodecContext.create("libx264", "w")  # type: ignore[assignment]
    encoder.height, encoder.width = shape
    encoder.pix_fmt, encoder.time_base, encoder.thread_count = "yuv420p", CLOCK, 1
    encoder.options = {"crf": str(quality), "preset": "veryfast"}
    return encoder


def _decoded(
    decoder: av.VideoCodecContext, packets: Iterable[av.Packet | None], times: deque[float]
) -> Iterator[GreyPicture]:
    for packet in packets:
        for frame in decoder.decode(packet):
            luma = frame.to_ndarray(format="yuv420p")[: frame.height]
            yield GreyPicture(luma, times.popleft())

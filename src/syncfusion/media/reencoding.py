"""Encoding a video's pictures anew as H.264, where no container holds them as they are stored."""

from collections.abc import Iterator
from fractions import Fraction

import av
from av.container import OutputContainer

from syncfusion.media.pictures import read_pictures
from syncfusion.media.scaling import Filter
from syncfusion.media.video_info import VideoInfo

QUALITY = 18  # x264's constant rate factor: nearly no visible loss
CLOCK = Fraction(1, 90_000)  # seconds; holds the times of all usual rates
EVEN = "trunc(iw/2)*2:trunc(ih/2)*2"  # the sides that 4:2:0 needs


def encoded_pictures(video: VideoInfo, target: OutputContainer) -> Iterator[av.Packet]:
    """Add a stream of H.264 to the target; return its packets, upright, at the pictures' times."""
    options = {"crf": str(QUALITY), "preset": "medium"}
    rate = Fraction(video.fps).limit_denominator(1001)
    stream = target.add_stream("libx264", rate, options=options, time_base=CLOCK)
    stream.width, stream.height = (side // 2 * 2 for side in (video.width, video.height))
    stream.pix_fmt = "yuv420p"
    upright = Filter((("scale", EVEN), ("format", "yuv420p")))

    def encoded() -> Iterator[av.Packet]:
        held: av.VideoFrame | None = None
        begins = 0
        for picture, time in read_pictures(video):
            if held is not None and round(time / CLOCK) > begins:
                yield from _encoded(stream, held, begins, round(time / CLOCK))
            held, begins = upright(picture), round(time / CLOCK)
        if held is not None:
            yield from _encoded(stream, held, begins, round(video.duration / CLOCK))
        yield from stream.encode(None)

    return encoded()


def _encoded(
    stream: av.VideoStream, picture: av.VideoFrame, begin: int, end: int
) -> list[av.Packet]:
    picture.pts, picture.time_base = begin, CLOCK
    picture.duration = max(end - begin, 1)
    picture.pict_type = 0  # let the encoder choose
    return stream.encode(picture)

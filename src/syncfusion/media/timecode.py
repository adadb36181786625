"""The frame rate and the timecode that a video file states."""

from fractions import Fraction
from pathlib import Path

from syncfusion.media.container import open_container, video_stream
from syncfusion.media.isolation import answer

TAG = "timecode"


def read_timecode(path: str | Path) -> tuple[Fraction, str | None]:
    """Return the frame rate of a video as its file states it, and its first picture's timecode.

    Args:
        path: of the video.

    Returns:
        Frames per second, exact, 25 where the file states none; and the timecode as written, of the
        pictures' stream, of any other stream or of the whole file, None where there is none.

    Raises:
        InputError: if the file is missing or no video.
    """
    numerator, denominator, timecode = answer(path, _stated, path)
    return Fraction(numerator, denominator), timecode


def _stated(path: str | Path) -> tuple[int, int, str | None]:
    """Return the rate's numerator and denominator, and the timecode."""
    with open_container(path) as container:
        stream = video_stream(container)
        rate = Fraction(stream.average_rate or stream.guessed_rate or stream.base_rate or 25)
        tags = [stream.metadata, *(other.metadata for other in container.streams)]
        found = (tag.items() for tag in (*tags, container.metadata))
        named = (value for items in found for name, value in items if name.lower() == TAG)
        return rate.numerator, rate.denominator, next(named, None)

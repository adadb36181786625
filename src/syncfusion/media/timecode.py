"""The frame rate and the timecode that a video file states."""

from fractions import Fraction
from pathlib import Path

from syncfusion.media.container import open_container, video_stream

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
    with open_container(path) as container:
        stream = video_stream(container)
        rate = stream.average_rate or stream.guessed_rate or stream.base_rate
        tags = [stream.metadata, *(other.metadata for other in container.streams)]
        for tag in (*tags, container.metadata):
            for name, value in tag.items():
                if name.lower() == TAG:
                    return Fraction(rate or 25), value
        return Fraction(rate or 25), None

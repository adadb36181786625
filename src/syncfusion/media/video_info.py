"""Properties of a video as a value."""

from dataclasses import dataclass, field
from pathlib import Path

import av
from av.container import InputContainer

from syncfusion.errors import InputError
from syncfusion.media.clock import Clock, StreamOrigin
from syncfusion.media.orientation import Orientation


@dataclass(frozen=True)
class VideoInfo:
    """Properties of a video file.

    Args:
        path: the file.
        duration: seconds from the first picture's beginning to the last one's end.
        fps: pictures per second, averaged over the video.
        width: pixels, as displayed.
        height: pixels, as displayed.
        rotation: degrees, clockwise, from the stored to the displayed picture: 0, 90, 180 or 270.
        n_frames: displayed pictures in the file.
        has_audio: whether there is a sound stream.
        codec: FFmpeg's name of the pictures' codec.
        origin: of the pictures' stream.
        orientation: from the stored to the displayed picture.
        n_packets: packets up to that of the last displayed picture, in the order of the file.
        n_hidden: pictures among them that an edit list hides, before the first displayed picture
            and after it.
    """

    path: Path
    duration: float
    fps: float
    width: int
    height: int
    rotation: int
    n_frames: int
    has_audio: bool
    codec: str
    origin: StreamOrigin = field(repr=False)
    orientation: Orientation = field(repr=False)
    n_packets: int
    n_hidden: tuple[int, int]

    def clock(self, container: InputContainer) -> Clock[av.VideoStream]:
        """Return a clock for the pictures of the opened file."""
        return picture_clock(container, self.origin)


def picture_clock(container: InputContainer, origin: StreamOrigin) -> Clock[av.VideoStream]:
    """Return a clock for the pictures of an opened file, whose origin was found before."""
    stream = container.streams[origin.stream]
    if not isinstance(stream, av.VideoStream):
        raise InputError(f"{container.name} has changed since it was read; start again")
    return Clock(stream, origin)

"""Properties of a video, read from its packets and its first picture."""

from pathlib import Path
from typing import Any

from syncfusion.media.clock import StreamOrigin
from syncfusion.media.examining import described
from syncfusion.media.isolation import answer
from syncfusion.media.orientation import Orientation
from syncfusion.media.video_info import VideoInfo


def probe(video: str | Path | VideoInfo) -> VideoInfo:
    """Read the times of all packets of a video and decode its first picture.

    Time 0 is the beginning of the first displayed picture. A log message names what a file leaves
    open: several video streams, no timestamps, joined recordings, pictures that begin after the
    sound.

    Args:
        video: path of the file; a ``VideoInfo`` is returned unchanged.

    Returns:
        Times in seconds, as the fields of ``VideoInfo`` describe them.

    Raises:
        InputError: if the file is missing, no video, or without a picture that can be decoded.
    """
    if isinstance(video, VideoInfo):
        return video
    path = Path(video)
    return _restored(path, answer(path, described, path))


def _restored(path: Path, fields: dict[str, Any]) -> VideoInfo:
    """Return what ``described`` took apart."""
    stream, ticks, order = (fields["origin"][name] for name in ("stream", "ticks", "order"))
    before, after = fields["n_hidden"]
    made = {
        "origin": StreamOrigin(stream, ticks, tuple(order)),
        "orientation": Orientation(tuple(fields["orientation"]["matrix"])),
        "n_hidden": (before, after),
    }
    return VideoInfo(path=path, **(fields | made))

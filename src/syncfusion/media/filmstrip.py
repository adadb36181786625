"""Small pictures of a whole video on one sheet, for a timeline."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from syncfusion.media.atomic import temporary_sibling
from syncfusion.media.isolation import answers
from syncfusion.media.pictures import Picture, key_frames
from syncfusion.media.video import read_frames
from syncfusion.media.video_info import VideoInfo
from syncfusion.progress import Progress, ignore

HEIGHT = 72  # pixels of a small picture
COLUMNS = 20
MOST = 400  # small pictures on a sheet
FINEST = 0.25  # seconds between two of them
EXACT_SECONDS = 120.0  # of longer videos the key frames alone are decoded
QUALITY = 80  # of the JPEG, 0 to 100


class Filmstrip(NamedTuple):
    """A sheet of small pictures, in rows.

    Args:
        count: of the pictures.
        interval: seconds from one to the next; the n-th shows ``n * interval``.
        width: pixels of each.
        height: likewise.
        columns: pictures in a row.
    """

    count: int
    interval: float
    width: int
    height: int
    columns: int


def write_filmstrip(video: VideoInfo, path: Path, progress: Progress = ignore) -> Filmstrip:
    """Write the sheet of a video as JPEG, atomically.

    Args:
        video: from ``probe``.
        path: the file.
        progress: called with ("Making the filmstrip", pictures done, pictures in all).

    Returns:
        How the sheet is divided.

    Raises:
        InputError: if the video cannot be read, or the file not be written.
    """
    interval = max(FINEST, video.duration / MOST)
    count = max(1, math.ceil(video.duration / interval))
    width = max(2, round(HEIGHT * video.width / video.height / 2) * 2)
    strip = Filmstrip(count, interval, width, HEIGHT, min(COLUMNS, count))
    rows = math.ceil(count / strip.columns)
    sheet = np.zeros((rows * HEIGHT, strip.columns * width, 3), np.uint8)
    exact = video.duration <= EXACT_SECONDS
    for number, picture in enumerate(_exact(video, strip) if exact else _key_frames(video, strip)):
        row, column = divmod(number, strip.columns)
        top, left = row * HEIGHT, column * width
        sheet[top : top + HEIGHT, left : left + width] = picture
        progress("Making the filmstrip", number + 1, count)
    _, encoded = cv2.imencode(".jpg", sheet[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    with temporary_sibling(path) as temporary:
        temporary.write_bytes(encoded.tobytes())
    return strip


def _exact(video: VideoInfo, strip: Filmstrip) -> Iterator[Picture]:
    sizes = {"fps": 1 / strip.interval, "width": strip.width, "height": strip.height}
    for batch in read_frames(video, **sizes, batch=16):
        yield from list(batch.numpy())[: strip.count]


def _key_frames(video: VideoInfo, strip: Filmstrip) -> Iterator[Picture]:
    size = (strip.width, strip.height)
    found = answers(video.path, key_frames, video, size, strip.count, strip.interval)
    return (picture for (picture,) in found)

"""Writing the frames of a video: packed in one array, or a JPEG each."""

import contextlib
import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from syncfusion.clip_files import ClipFiles
from syncfusion.media import OnFrame
from syncfusion.preprocess.processing import Processing

JPEG_QUALITY = (
    85  # of 100: PSNR 33-39 dB; the published call of ffmpeg gives 24-31 at a quarter of it
)


def jpeg_path(files: ClipFiles, number: int) -> Path:
    """Return where a frame lies in the published form; its number counts from 1."""
    return files.jpegs / f"{files.name}.frame_{number:06d}.jpg"


@contextlib.contextmanager
def frames_writer(files: ClipFiles, processing: Processing, n_frames: int) -> Iterator[OnFrame]:
    """Yield a function that writes the frames it is given, one after another.

    Args:
        files: of the processed video; their folder is there.
        processing: size and form of the frames.
        n_frames: how many there will be.

    Yields:
        To be called with uint8 frames (height, width, 3).
    """
    if processing.frames == "packed":
        with files.frames.open("wb") as file:
            shape = (n_frames, processing.video_height, processing.video_width, 3)
            header = {"descr": "|u1", "fortran_order": False, "shape": shape}
            np.lib.format.write_array_header_1_0(file, header)
            yield lambda pixels: file.write(np.ascontiguousarray(pixels).data)
    else:
        from PIL import Image

        files.jpegs.mkdir(exist_ok=True)
        numbers = itertools.count(1)
        yield lambda pixels: Image.fromarray(pixels).save(
            jpeg_path(files, next(numbers)), quality=JPEG_QUALITY
        )

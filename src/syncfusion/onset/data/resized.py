"""Frames at the training size, stored beside each video so that they are resized only once."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from syncfusion.clip_files import ClipFiles
from syncfusion.errors import InputError
from syncfusion.media import check_writable, temporary_sibling
from syncfusion.onset.data.clips import Clip
from syncfusion.onset.data.frames import FrameSize, JpegFrames, PackedFrames, ResizedFrames
from syncfusion.onset.data.raw import RawFrames
from syncfusion.progress import Progress, ignore

STAGE = "resizing frames"  # name for progress reports
CHECKED = 3  # frames of a kept file that are held against the video's


def at_size(
    clips: Sequence[Clip],
    size: FrameSize | None,
    *,
    keep: bool = True,
    progress: Progress = ignore,
) -> list[Clip]:
    """Return the same clips with frames of another size.

    Args:
        clips: processed videos.
        size: pixels of the shorter side, or height and width; None for the stored size.
        keep: whether JPEGs and frames of another size are stored once more, packed, as
            ``<id>.frames.<height>x<width>.npy`` beside the video. Later calls only open that file
            while the video's frames keep their modification time and its first, middle and last
            frame are theirs. False decodes and resizes them on every reading.
        progress: called after every clip that is written.

    Returns:
        The clips; their frames are the same whether stored or not.

    Raises:
        InputError: if a frame is broken, or a file cannot be written.
    """
    resized = [_resized(clip, size) for clip in clips]
    if not keep:
        for clip in clips:
            if isinstance(clip.pixels, JpegFrames):
                clip.pixels.check_whole()
        return resized
    stale = [clip for clip in resized if not (_is_raw(clip) or _is_kept(clip))]
    for done, clip in enumerate(stale, 1):
        _keep(clip)
        progress(STAGE, done, len(stale))
    return [
        clip if _is_raw(clip) else replace(clip, pixels=PackedFrames.open(_kept_path(clip)))
        for clip in resized
    ]


def _is_raw(clip: Clip) -> bool:
    """Return whether there is no processed video; nothing is stored beside raw ones."""
    pixels = clip.pixels
    return isinstance(pixels.source if isinstance(pixels, ResizedFrames) else pixels, RawFrames)


def _resized(clip: Clip, size: FrameSize | None) -> Clip:
    frames = clip.pixels if size is None else ResizedFrames.of(clip.pixels, size)
    return clip if frames.shape == clip.pixels.shape else replace(clip, pixels=frames)


def _kept_path(clip: Clip) -> Path:
    """Return the file of a clip's packed frames at its size."""
    if isinstance(clip.pixels, PackedFrames):
        return clip.pixels.path
    _, height, width, _ = clip.pixels.shape
    return ClipFiles(clip.folder, clip.name).resized(height, width)


def _is_kept(clip: Clip) -> bool:
    try:
        kept = PackedFrames.open(_kept_path(clip))
    except InputError:  # missing, or not a file of frames
        return False
    if kept.shape != clip.pixels.shape or kept.modified() != clip.pixels.modified():
        return False
    places = np.unique(np.linspace(0, len(kept) - 1, CHECKED).astype(int))
    return kept == clip.pixels or torch.equal(kept[places], clip.pixels[places])


def _keep(clip: Clip) -> None:
    path = _kept_path(clip)
    header = {"descr": "|u1", "fortran_order": False, "shape": clip.pixels.shape}
    try:
        check_writable(path)
    except InputError as error:
        raise InputError(f"{error}, or set data.keep_resized to false") from error
    try:
        with temporary_sibling(path) as temporary:
            with temporary.open("wb") as file:
                np.lib.format.write_array_header_1_0(file, header)
                for batch in clip.batches():
                    file.write(batch.numpy().tobytes())
            moment = clip.pixels.modified()
            os.utime(temporary, ns=(moment, moment))  # identifies the source, see ``_is_kept``
    except OSError as error:
        raise InputError(
            f"{path} cannot be written ({error.strerror}); make room for resized frames or set "
            "data.keep_resized to false"
        ) from error

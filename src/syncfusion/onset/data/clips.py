"""Processed videos on disk: their file names, and reading them."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jaxtyping import UInt8
from torch import Tensor

from syncfusion.clip_files import ClipFiles, split_names
from syncfusion.errors import InputError
from syncfusion.onset.data.frames import AGAIN, Frames, Indices, JpegFrames, PackedFrames
from syncfusion.timing import frame_count
from syncfusion.track import OnsetTrack


@dataclass(frozen=True)
class Clip:
    """A processed video; its frames stay on disk until they are asked for.

    Args:
        folder: of its files, named like the video.
        pixels: frames on disk, uint8 (frame, height, width, 3), indexed like an array.
        fps: frames per second.
        track: the annotated onsets, with the video's duration.
    """

    folder: Path
    pixels: Frames
    fps: float
    track: OnsetTrack

    @classmethod
    def open(cls, folder: Path) -> "Clip":
        """Open the processed video in a folder.

        Args:
            folder: named like the video.

        Returns:
            The clip, from its packed frames where it has both forms; none is read yet.

        Raises:
            InputError: if a file is missing or not what it should be, an onset lies past the end,
                or the forms of frames and the metadata disagree.
        """
        files = ClipFiles(folder, folder.name)
        try:
            processed = json.loads(files.metadata.read_text())["processed"]
            fps, duration = processed["video_frame_rate"], processed["video_duration"]
            usable = fps > 0 and 0 < duration < math.inf
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(f"{folder} is no processed video ({error!r}); {AGAIN}") from error
        if not usable:
            raise InputError(f"{files.metadata} says {fps} frames/s for {duration} s; {AGAIN}")
        if not files.times.is_file():
            raise InputError(f"{files.times} is missing; run script/gh_preprocess_annotations.py")
        pixels = _open_frames(files)
        _check_metadata(files, processed, pixels)
        return cls(folder, pixels, fps, OnsetTrack.read(files.times, duration))

    def __len__(self) -> int:
        return len(self.pixels)

    @property
    def name(self) -> str:
        """The video's id."""
        return self.folder.name

    def frames(
        self, indices: Indices, *, area: tuple[slice, slice] = (slice(None), slice(None))
    ) -> UInt8[Tensor, "frame height width 3"]:
        """Read some frames, or one area (rows, columns) of them."""
        return self.pixels[indices][:, *area]

    def batches(self, size: int = 64) -> Iterator[UInt8[Tensor, "frame height width 3"]]:
        """Read all frames in order, ``size`` at a time, as ``media.video.read_frames`` does."""
        for start in range(0, len(self), size):
            yield self.frames(slice(start, start + size))

    @property
    def duration(self) -> float:
        """Seconds the video lasts."""
        return self.track.duration or len(self) / self.fps


def _open_frames(files: ClipFiles) -> PackedFrames | JpegFrames:
    packed = PackedFrames.open(files.frames) if files.frames.exists() else None
    jpegs = JpegFrames.open(files.jpegs, files.name) if files.jpegs.is_dir() else None
    if packed and jpegs and packed.shape != jpegs.shape:
        raise InputError(
            f"{files.frames} holds {packed.shape[:3]} frames, rows and columns, {files.jpegs} "
            f"{jpegs.shape[:3]}; delete the one that is out of date"
        )
    found = packed or jpegs
    if found is None:
        raise InputError(f"{files.folder} holds no frames, packed or JPEG; {AGAIN}")
    return found


def _check_metadata(files: ClipFiles, processed: dict, pixels: Frames) -> None:
    """Compare frames with what the metadata promises, as far as it does.

    One frame more or less is let pass: the published metadata counts what the duration holds, the
    decoder what it rounds to.
    """
    n_frames, height, width, _ = pixels.shape
    expected = frame_count(processed["video_duration"], processed["video_frame_rate"])
    counted = processed.get("video_num_frames", expected)
    promised = (counted, processed.get("height", height), processed.get("width", width))
    near = max(abs(n_frames - expected), abs(n_frames - counted)) <= 1
    if not near or promised[1:] != (height, width):
        raise InputError(
            f"{files.metadata} promises {promised} frames, rows and columns in "
            f"{processed['video_duration']:g} s, there are {pixels.shape[:3]}; {AGAIN}"
        )


def open_split(root: Path, split: str) -> list[Clip]:
    """Open the videos that ``root/<split>.txt`` names.

    Args:
        root: folder of processed videos.
        split: "train", "val" or "test".

    Returns:
        The clips in the order of the list.

    Raises:
        InputError: if the list cannot be used, or a video is not there or not whole.
    """
    return [Clip.open(root / name) for name in split_names(root, split)]

"""Reading processed videos."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jaxtyping import UInt8
from torch import Tensor

from syncfusion.clip_files import ClipFiles, split_names
from syncfusion.constants import FRAME_RATE
from syncfusion.errors import InputError
from syncfusion.onset.data.frames import AGAIN, Frames, Indices, JpegFrames, PackedFrames
from syncfusion.onset.data.raw import annotated_video, raw_frames, raw_video
from syncfusion.plain_values import parse_json
from syncfusion.timing import frame_count
from syncfusion.track import OnsetTrack


@dataclass(frozen=True)
class Clip:
    """A processed video; its frames are read on demand.

    Args:
        folder: holds its files and is named like the video.
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
            The clip, with packed frames where the folder holds both forms; no frame is read yet.

        Raises:
            InputError: if a file is missing or invalid, an onset lies past the end, or packed
                frames, JPEGs and metadata disagree.
        """
        files = ClipFiles(folder, folder.name)
        try:
            processed = parse_json(files.metadata.read_text())["processed"]
            fps, duration = processed["video_frame_rate"], processed["video_duration"]
            usable = fps > 0 and 0 < duration < math.inf
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(f"{folder} is not a processed video ({error!r}); {AGAIN}") from error
        if not usable:
            raise InputError(f"{files.metadata} has {fps} frames/s and {duration} s; {AGAIN}")
        if not files.times.is_file():
            raise InputError(f"{files.times} is missing; run syncfusion preprocess annotations")
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
        """Read frames by index, cropped to an area (rows, columns)."""
        return self.pixels[indices][:, *area]

    def batches(self, size: int = 64) -> Iterator[UInt8[Tensor, "frame height width 3"]]:
        """Read all frames in order, in batches of ``size``, as ``media.read_frames`` does."""
        for start in range(0, len(self), size):
            yield self.frames(slice(start, start + size))

    @property
    def duration(self) -> float:
        """Length of the video in seconds."""
        return self.track.duration or len(self) / self.fps


def _open_frames(files: ClipFiles) -> PackedFrames | JpegFrames:
    packed = PackedFrames.open(files.frames) if files.frames.exists() else None
    jpegs = JpegFrames.open(files.jpegs, files.name) if files.jpegs.is_dir() else None
    if packed and jpegs and packed.shape != jpegs.shape:
        raise InputError(
            f"{files.frames} holds {packed.shape[:3]} frames, rows and columns, {files.jpegs} "
            f"{jpegs.shape[:3]}; delete the one that is out of date"
        )
    pixels = packed or jpegs
    if pixels is None:
        raise InputError(f"{files.folder} holds no frames, packed or JPEG; {AGAIN}")
    return pixels


def _check_metadata(files: ClipFiles, processed: dict, pixels: Frames) -> None:
    """Check the frames against the metadata, as far as it has the entries.

    The count may differ by one: the published metadata rounds the duration down to frames, the
    decoder may round it up.
    """
    n_frames, height, width, _ = pixels.shape
    expected = frame_count(processed["video_duration"], processed["video_frame_rate"])
    counted = processed.get("video_num_frames", expected)
    expected_shape = (counted, processed.get("height", height), processed.get("width", width))
    is_near = max(abs(n_frames - expected), abs(n_frames - counted)) <= 1
    if not is_near or expected_shape[1:] != (height, width):
        raise InputError(
            f"{files.metadata} has {expected_shape} frames, rows and columns in "
            f"{processed['video_duration']:g} s, the files have {pixels.shape[:3]}; {AGAIN}"
        )


def open_split(root: Path, split: str, *, raw: bool = False) -> list[Clip]:
    """Open the videos that ``root/<split>.txt`` names.

    Args:
        root: folder of processed videos.
        split: "train", "val" or "test".
        raw: whether a video of ``root/videos`` is opened where there is no processed one.

    Returns:
        The clips in the order of the list.

    Raises:
        InputError: if the list cannot be used, or a video is missing or incomplete.
    """
    opened = _open_any if raw else Clip.open
    return [opened(root / name) for name in split_names(root, split)]


def _open_any(folder: Path) -> Clip:
    if folder.is_dir() or raw_video(folder.parent, folder.name) is None:
        return Clip.open(folder)
    video, track = annotated_video(folder.parent, folder.name)
    return Clip(folder, raw_frames(video), FRAME_RATE, track)

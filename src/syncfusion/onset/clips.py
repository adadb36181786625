"""Processed videos on disk: their file names, and reading them."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jaxtyping import UInt8
from torch import Tensor

from syncfusion.errors import InputError
from syncfusion.onset.frames import AGAIN, Frames, Indices, JpegFrames, PackedFrames
from syncfusion.onset.track import OnsetTrack
from syncfusion.timing import frame_count

SPLITS = ("train", "val", "test")


@dataclass(frozen=True)
class ClipFiles:
    """The files of one processed video, in its folder.

    Args:
        folder: the folder, named like the video once it is complete.
        name: the video's id.
    """

    folder: Path
    name: str

    @property
    def frames(self) -> Path:
        """All frames as one uint8 array (frame, height, width, 3)."""
        return self.folder / f"{self.name}.frames.npy"

    @property
    def jpegs(self) -> Path:
        """Folder of one JPEG a frame, the published form: ``<id>.frame_000001.jpg`` and on."""
        return self.folder / "frames"

    def resized(self, height: int, width: int) -> Path:
        """All frames once more, at the size that training wants; see ``onset.resized``."""
        return self.folder / f"{self.name}.frames.{height}x{width}.npy"

    @property
    def audio(self) -> Path:
        """The sound, mono."""
        return self.folder / "audio" / f"{self.name}.resampled.wav"

    @property
    def times(self) -> Path:
        """The annotated onsets."""
        return self.folder / f"{self.name}.times.csv"

    @property
    def metadata(self) -> Path:
        """Rates, sizes and duration."""
        return self.folder / f"{self.name}.metadata.json"


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


def split_names(root: Path, split: str) -> list[str]:
    """Read which videos ``root/<split>.txt`` names, one id per line.

    Args:
        root: folder of processed videos.
        split: "train", "val" or "test".

    Returns:
        The ids in the order of the list.

    Raises:
        InputError: if the folder or the list is missing, or the list is empty or names a video
            twice.
    """
    if not root.is_dir():
        raise InputError(
            f"there is no folder {root} of processed videos; script/gh_preprocess_videos.py makes "
            "one, DIR_DATA or data.roots says where it is"
        )
    path = root / f"{split}.txt"
    try:
        names = path.read_text().split()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{root} has no {split}.txt; list the ids of the videos in it") from error
    if not names:
        raise InputError(f"{path} names no video; list one id per line")
    repeated = [name for name in names if names.count(name) > 1]
    if repeated:
        raise InputError(f"{path} names {repeated[0]} more than once; list every video once")
    return names


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

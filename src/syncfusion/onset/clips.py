"""Processed videos on disk: their file names, and reading them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import UInt8
from torch import Tensor

from syncfusion.errors import InputError
from syncfusion.onset.track import OnsetTrack


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
        name: the video's id.
        pixels: memory-mapped frames, uint8 (frame, height, width, 3).
        fps: frames per second.
        track: the annotated onsets, with the video's duration.
    """

    name: str
    pixels: np.ndarray
    fps: float
    track: OnsetTrack

    @classmethod
    def open(cls, folder: Path) -> "Clip":
        """Open the processed video in a folder.

        Args:
            folder: named like the video.

        Returns:
            The clip; its frames are not read yet.

        Raises:
            InputError: if a file is missing or not what it should be.
        """
        files = ClipFiles(folder, folder.name)
        try:
            processed = json.loads(files.metadata.read_text())["processed"]
            pixels = np.load(files.frames, mmap_mode="r")
        except (OSError, ValueError, KeyError) as error:
            raise InputError(
                f"{folder} is no processed video ({error}); run script/preprocess.py"
            ) from error
        track = OnsetTrack.read(files.times, processed["video_duration"])
        return cls(folder.name, pixels, processed["video_frame_rate"], track)

    def __len__(self) -> int:
        return len(self.pixels)

    def frames(
        self, indices: np.ndarray | slice, *, area: tuple[slice, slice] = (slice(None), slice(None))
    ) -> UInt8[Tensor, "frame height width 3"]:
        """Read some frames, or one area (rows, columns) of them."""
        return torch.from_numpy(np.array(self.pixels[indices][:, *area]))

    def batches(self, size: int = 64) -> Iterator[UInt8[Tensor, "frame height width 3"]]:
        """Read all frames in order, ``size`` at a time, as ``media.video.read_frames`` does."""
        for start in range(0, len(self), size):
            yield self.frames(slice(start, start + size))

    @property
    def duration(self) -> float:
        """Seconds the video lasts."""
        return self.track.duration or len(self) / self.fps


def open_split(root: Path, split: str) -> list[Clip]:
    """Open the videos that ``root/<split>.txt`` names, one id per line.

    Args:
        root: folder of processed videos.
        split: "train", "val" or "test".

    Returns:
        The clips in the order of the list.

    Raises:
        InputError: if the list is missing or empty, or a video is not there.
    """
    try:
        names = (root / f"{split}.txt").read_text().split()
    except OSError as error:
        raise InputError(f"{root} has no {split}.txt; list the ids of the videos in it") from error
    if not names:
        raise InputError(f"{root / split}.txt names no video; list one id per line")
    return [Clip.open(root / name) for name in names]

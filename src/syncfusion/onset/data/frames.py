"""Frames of a processed video on disk: packed in one array, or the published folder of JPEGs.

Each form is indexed like an array (frame, height, width, 3) and reads the indexed frames only. No
file stays open or mapped: a data set has more videos than a process may have open files, and the
objects can be pickled for workers under any start method.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from tokenize import TokenError

import numpy as np
import torch
from jaxtyping import UInt8
from torch import Tensor

from syncfusion.errors import InputError
from syncfusion.onset.data.raw import RawFrames

CHANNELS = 3  # RGB
JPEG_START, JPEG_END = b"\xff\xd8", b"\xff\xd9"  # markers SOI and EOI (ITU-T T.81, table B.1)
AGAIN = "process the video again with syncfusion preprocess videos"

Indices = slice | np.ndarray
Shape = tuple[int, int, int, int]
FrameSize = int | tuple[int, int]  # pixels: of the shorter side, or height and width


@dataclass(frozen=True)
class PackedFrames:
    """All frames as one uint8 array in an npy file.

    Args:
        path: the file.
        shape: (frame, height, width, 3).
        offset: bytes before the first frame.
    """

    path: Path
    shape: Shape
    offset: int

    @classmethod
    def open(cls, path: Path) -> "PackedFrames":
        """Read the header of an npy file.

        Args:
            path: written by numpy.

        Returns:
            The frames; none is read yet.

        Raises:
            InputError: if the file is truncated, or does not hold uint8 RGB frames.
        """
        try:
            mapped = np.load(path, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError, EOFError, SyntaxError, TokenError) as error:
            raise InputError(f"{path} is broken ({error}); {AGAIN}") from error
        if not isinstance(mapped, np.memmap):
            mapped.close()
            raise InputError(f"{path} is an archive of arrays, not one array; {AGAIN}")
        stored = f"{mapped.dtype} {mapped.shape}"
        if mapped.dtype != np.uint8 or mapped.ndim != 4 or mapped.shape[-1] != CHANNELS:
            raise InputError(f"{path} holds {stored}, not uint8 (frame, height, width, 3); {AGAIN}")
        if mapped.size == 0 or not mapped.flags.c_contiguous:
            raise InputError(f"{path} holds {stored}, empty or not in C order; {AGAIN}")
        n_frames, height, width, channels = mapped.shape
        return cls(path, (n_frames, height, width, channels), mapped.offset)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, indices: Indices) -> UInt8[Tensor, "frame height width 3"]:
        mapped = np.memmap(self.path, np.uint8, "r", self.offset, self.shape)
        return torch.from_numpy(np.array(mapped[indices]))

    def modified(self) -> int:
        """Return when the frames last changed, in nanoseconds."""
        return self.path.stat().st_mtime_ns


@dataclass(frozen=True)
class JpegFrames:
    """One JPEG per frame, ``<name>.frame_000001.jpg`` and on: the published form.

    Args:
        folder: holds the JPEGs of one video.
        name: the video's id.
        shape: (frame, height, width, 3); the size is that of the first frame.
    """

    folder: Path
    name: str
    shape: Shape

    @classmethod
    def open(cls, folder: Path, name: str) -> "JpegFrames":
        """Count the frames in a folder and decode the first.

        Args:
            folder: holds the JPEGs.
            name: the video's id.

        Returns:
            The frames.

        Raises:
            InputError: if a number is missing, or the first frame cannot be decoded.
        """
        pattern = re.compile(re.escape(name) + r"\.frame_(\d{6,})\.jpg")
        matches = (pattern.fullmatch(path.name) for path in folder.iterdir())
        numbers = {int(match[1]) for match in matches if match}
        missing = min(set(range(1, len(numbers) + 2)) - numbers)
        if missing <= len(numbers) or not numbers:
            raise InputError(f"{folder} has no {name}.frame_{missing:06d}.jpg; {AGAIN}")
        height, width, _ = _decoded(folder / f"{name}.frame_000001.jpg").shape
        return cls(folder, name, (len(numbers), height, width, CHANNELS))

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, indices: Indices) -> UInt8[Tensor, "frame height width 3"]:
        requested = np.arange(len(self))[indices]
        numbers, places = np.unique(requested, return_inverse=True)
        frames = torch.empty((len(numbers), *self.shape[1:]), dtype=torch.uint8)
        for frame, number in zip(frames, numbers, strict=True):
            frame.copy_(self._frame(int(number)))
        return frames if len(numbers) == len(requested) else frames[torch.from_numpy(places)]

    def _frame(self, index: int) -> UInt8[Tensor, "height width 3"]:
        picture = _decoded(self._path(index))
        if picture.shape != self.shape[1:]:
            raise InputError(
                f"{self._path(index)} has {tuple(picture.shape[:2])} rows and columns, "
                f"the first frame has {self.shape[1:3]}; {AGAIN}"
            )
        return picture

    def _path(self, index: int) -> Path:
        return self.folder / f"{self.name}.frame_{index + 1:06d}.jpg"

    def check_whole(self) -> None:
        """Check the markers at both ends of every file, which is much faster than decoding.

        Raises:
            InputError: naming the first file that is truncated or not a JPEG.
        """
        for path in map(self._path, range(len(self))):
            with path.open("rb") as file:
                begins = file.read(len(JPEG_START)) == JPEG_START
                file.seek(max(path.stat().st_size - 64, 0))
                if not begins or JPEG_END not in file.read():
                    raise InputError(f"{path} is truncated or not a JPEG; {AGAIN}")

    def modified(self) -> int:
        """Return when the frames last changed, in nanoseconds."""
        return max(self._path(index).stat().st_mtime_ns for index in range(len(self)))


@dataclass(frozen=True)
class ResizedFrames:
    """Frames that are resized on reading.

    Args:
        source: the stored frames.
        shape: (frame, height, width, 3) after resizing.
    """

    source: PackedFrames | JpegFrames | RawFrames
    shape: Shape

    @classmethod
    def of(cls, source: "Frames", size: FrameSize) -> "ResizedFrames":
        """Return frames of another size.

        Args:
            source: frames of any size; if they are resized, the stored frames are resized instead.
            size: pixels of the shorter side at the same aspect ratio, or height and width.

        Returns:
            The frames; none is read yet.
        """
        stored = source.source if isinstance(source, ResizedFrames) else source
        n_frames, *sides, _ = stored.shape
        height, width = (
            (int(side * size / min(sides)) for side in sides) if isinstance(size, int) else size
        )
        return cls(stored, (n_frames, height, width, CHANNELS))

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, indices: Indices) -> UInt8[Tensor, "frame height width 3"]:
        from torchvision.transforms.v2 import functional

        # channels-last in memory, which torchvision resizes fastest
        frames = self.source[indices].permute(0, 3, 1, 2)
        return functional.resize(frames, list(self.shape[1:3]), antialias=True).permute(0, 2, 3, 1)

    def modified(self) -> int:
        """Return when the frames last changed, in nanoseconds."""
        return self.source.modified()


Frames = PackedFrames | JpegFrames | RawFrames | ResizedFrames


def _decoded(path: Path) -> UInt8[Tensor, "height width 3"]:
    from torchvision.io import ImageReadMode, decode_image

    try:
        return decode_image(str(path), mode=ImageReadMode.RGB).permute(1, 2, 0)
    except (RuntimeError, OSError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{path} cannot be read ({reason}); {AGAIN}") from error

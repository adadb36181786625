"""Raw videos of clips: where they lie, and their frames without a processed copy."""

from dataclasses import dataclass
from functools import lru_cache
from glob import escape
from pathlib import Path

import numpy as np
import torch
from jaxtyping import UInt8
from torch import Tensor

from syncfusion.clip_files import ClipFiles
from syncfusion.constants import FRAME_RATE
from syncfusion.errors import InputError
from syncfusion.media import VideoInfo, probe, read_frames
from syncfusion.plain_values import parse_json
from syncfusion.timing import frame_count
from syncfusion.track import OnsetTrack

SUFFIXES = (".mp4", ".mov", ".mkv", ".webm", ".avi")
HEIGHT, WIDTH = 240, 320  # of frames, as preprocessing makes them
PROCESSED = "-processed"  # ends the published name of the folder beside that of the videos
DIFFERENCE = 0.1  # seconds between the durations of one video, at most


@dataclass(frozen=True)
class RawFrames:
    """Frames of a video, 15 a second, decoded when they are read; one video is kept in memory.

    Args:
        path: the video.
        shape: (frame, height, width, 3).
    """

    path: Path
    shape: tuple[int, int, int, int]

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, indices: slice | np.ndarray) -> UInt8[Tensor, "frame height width 3"]:
        frames = _decoded(self.path, self.modified())
        return frames[indices if isinstance(indices, slice) else torch.from_numpy(indices)]

    def modified(self) -> int:
        """Return when the video last changed, in nanoseconds."""
        return self.path.stat().st_mtime_ns


def raw_frames(video: VideoInfo) -> RawFrames:
    """Return the frames of a video; none is read yet."""
    return RawFrames(video.path, (frame_count(video.duration, FRAME_RATE), HEIGHT, WIDTH, 3))


def raw_video(root: Path, name: str) -> Path | None:
    """Return a raw video of a folder laid out as Greatest Hits.

    Args:
        root: holds ``videos/<id>.mp4`` or ``videos/<id>_….mp4``, or another kind of video.
        name: id of the clip.

    Returns:
        Its path, None where there is none.
    """
    return _first(root / "videos", name)


def annotated_video(root: Path, name: str) -> tuple[VideoInfo, OnsetTrack]:
    """Return a raw video and its annotated onsets.

    Args:
        root: holds ``videos/<id>….mp4`` and ``times/<id>_times.txt``.
        name: id of the clip.

    Returns:
        What probing found, and the onsets within the video.

    Raises:
        InputError: if one of both is missing or cannot be read.
    """
    video = raw_video(root, name)
    if video is None:
        raise InputError(f"{root / 'videos'} holds no video {name}; put it there")
    info, annotation = probe(video), root / "times" / f"{name}_times.txt"
    if not annotation.is_file():
        raise InputError(f"{annotation} is missing; give each video its annotated onsets")
    return info, OnsetTrack.read(annotation, info.duration)


def source_video(folder: Path, duration: float) -> VideoInfo | None:
    """Return the raw video that a processed one was made from, if it is at hand.

    Args:
        folder: of the processed video.
        duration: its length in seconds.

    Returns:
        The file that the metadata name, one of ``videos`` beside the folder, or one of the
        published folder ``mic-mp4`` beside ``mic-mp4-processed``; None where there is none that
        can be read and lasts as long.
    """
    root = folder.parent
    beside = root.with_name(root.name.removesuffix(PROCESSED))
    candidates = [_named_source(folder), raw_video(root, folder.name)]
    candidates += [_first(beside, folder.name)] if root.name.endswith(PROCESSED) else []
    for path in filter(None, candidates):
        try:
            info = probe(path)
        except InputError:
            continue
        if abs(info.duration - duration) <= DIFFERENCE:
            return info
    return None


def _named_source(folder: Path) -> Path | None:
    files = ClipFiles(folder, folder.name)
    try:
        named = parse_json(files.metadata.read_text())["original"]["file"]
        path = folder / named
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return path if path.is_file() else None


def _first(folder: Path, name: str) -> Path | None:
    found = folder.glob(f"{escape(name)}[_.]*")
    return next((path for path in sorted(found) if path.suffix.lower() in SUFFIXES), None)


@lru_cache(maxsize=1)
def _decoded(path: Path, modified: int) -> UInt8[Tensor, "frame height width 3"]:
    batches = read_frames(path, fps=FRAME_RATE, width=WIDTH, height=HEIGHT)
    return torch.cat(list(batches))

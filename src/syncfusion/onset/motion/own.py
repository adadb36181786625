"""Clips that a user has corrected, and kept motion of the clips a detector was trained on.

Kept motion is a few seconds of each clip: the statistics of the cells in 5 bits, from which neither
pictures nor sound can be made.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int8

from syncfusion.errors import InputError
from syncfusion.media import VideoInfo, temporary_sibling
from syncfusion.onset.data import annotated_video
from syncfusion.onset.motion.cells import N_CHANNELS
from syncfusion.onset.motion.clips import MotionClip, kept_motion, open_motion_clips
from syncfusion.onset.motion.inputs import motion_input
from syncfusion.onset.motion.lag import LEAD
from syncfusion.onset.motion.stream import Motion, read_motion
from syncfusion.plain_values import BROKEN_ARRAYS, check_archive
from syncfusion.progress import Progress, ignore
from syncfusion.track import OnsetTrack

KEPT = "onset-kept.npz"  # of a preset
KEPT_FRAMES = 200  # of each clip
LEVELS = 31  # of a channel either side of 0
COMPRESSION = 8.0  # before values are rounded: sign · log(1 + this · |value|)
HOP = 15  # frames between the windows of which the one with most onsets is kept


@dataclass(frozen=True)
class KeptClip:
    """Some seconds of an annotated clip's motion, rounded.

    Args:
        name: id of the clip.
        cells: rounded statistics of the cells.
        largest: of each channel, the compressed value of the highest level.
        rate: frames per second.
        onsets: annotated ones, in seconds from the first frame.
        labels: the onsets training aims at, likewise.
    """

    name: str
    cells: Int8[np.ndarray, "frame channel row column"]
    largest: Float[np.ndarray, " channel"]
    rate: float
    onsets: Float[np.ndarray, " onset"]
    labels: Float[np.ndarray, " label"]

    @classmethod
    def of(cls, name: str, motion: Motion, track: OnsetTrack, labels: np.ndarray) -> "KeptClip":
        """Return the part of a clip that has most onsets."""
        times, onsets = motion.times, np.array(track.times)
        starts = range(0, max(len(times) - KEPT_FRAMES, 0) + 1, HOP)
        ends = [min(start + KEPT_FRAMES, len(times)) for start in starts]
        within = [
            ((onsets >= times[start]) & (onsets <= times[end - 1])).sum()
            for start, end in zip(starts, ends, strict=True)
        ]
        start, end = starts[int(np.argmax(within))], ends[int(np.argmax(within))]
        first, last = times[start], times[end - 1]
        kept = [each[(each >= first) & (each <= last)] - first for each in (onsets, labels)]
        values = motion.cells[start:end].astype(np.float32)
        values = np.sign(values) * np.log1p(COMPRESSION * np.abs(values))
        largest = np.abs(values).max((0, 2, 3)) + 1e-6
        rounded = np.round(values / largest[:, None, None] * LEVELS).astype(np.int8)
        rate = 1 / float(np.median(np.diff(times)))
        return cls(name, rounded, largest, rate, kept[0], kept[1])

    def open(self) -> MotionClip:
        """Return it as the nets read it."""
        values = self.cells.astype(np.float32) / LEVELS * self.largest[:, None, None]
        values = np.sign(values) * np.expm1(np.abs(values)) / COMPRESSION
        times = np.arange(len(values)) / self.rate
        duration = float(times[-1] + 1 / self.rate)
        motion = Motion(times, values.astype(np.float16), duration)
        track = OnsetTrack(self.onsets.tolist(), duration)
        return MotionClip(self.name, motion_input(motion), times, track, self.labels)


def kept_clips(root: Path, names: Sequence[str], *, cache: Path) -> list[KeptClip]:
    """Return the kept motion of annotated raw clips; see ``open_motion_clips``."""
    found = []
    for clip in open_motion_clips(root, names, cache=cache):
        info, track = annotated_video(root, clip.name)
        motion = kept_motion(cache, info.path, 0, partial(read_motion, info))
        found.append(KeptClip.of(clip.name, motion, track, clip.labels))
    return found


def write_kept(clips: Sequence[KeptClip], file: Path) -> None:
    """Write kept motion."""
    stored: dict[str, np.ndarray] = {"names": np.array([clip.name for clip in clips])}
    for number, clip in enumerate(clips):
        parts = {name: np.asarray(getattr(clip, name)) for name in FIELDS}
        stored |= {f"{number}/{name}": part for name, part in parts.items()}
    packed = io.BytesIO()  # numpy leaves a zip open where a disk is full
    np.savez_compressed(packed, **stored)
    with temporary_sibling(file) as temporary:
        temporary.write_bytes(packed.getbuffer())


FIELDS = ("cells", "largest", "rate", "onsets", "labels")


def read_kept(file: Path) -> list[KeptClip]:
    """Read kept motion.

    Args:
        file: as ``write_kept`` wrote it.

    Returns:
        The clips, in the order in which they were written.

    Raises:
        InputError: if it is missing or holds something else.
    """
    try:
        check_archive(file)
        with np.load(file, allow_pickle=False) as stored:
            found = []
            for number, name in enumerate(stored["names"]):
                cells, largest, rate, onsets, labels = (stored[f"{number}/{n}"] for n in FIELDS)
                if cells.dtype != np.int8 or cells.shape[1:2] != (N_CHANNELS,) or not len(cells):
                    raise ValueError(f"cells of {cells.dtype} {cells.shape}")
                found.append(KeptClip(str(name), cells, largest, float(rate), onsets, labels))
            return found
    except (OSError, *BROKEN_ARRAYS) as error:
        raise InputError(
            f"{file} holds no kept motion of a training ({error}); use the preset compact, or one "
            "that was taught from it"
        ) from error


def open_own_clip(
    video: VideoInfo, track: OnsetTrack, *, cache: Path, progress: Progress = ignore
) -> MotionClip:
    """Return a clip whose onsets a user has corrected, as the nets read it.

    Args:
        video: from ``media.probe``.
        track: its onsets; training aims where ``onset_curve`` gives these times.
        cache: folder in which motion is kept.
        progress: called with ("Looking for onsets", pictures read, pictures in all).

    Returns:
        The clip; its motion is read or computed once.
    """
    motion = kept_motion(cache, video.path, 0, partial(read_motion, video, progress))
    labels = np.array(track.times) + LEAD
    return MotionClip(video.path.stem, motion_input(motion), motion.times, track, labels)

"""Annotated clips as motion, computed once and kept."""

import contextlib
import hashlib
import io
import logging
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from jaxtyping import Float
from torch import Tensor

from syncfusion.clip_files import split_names
from syncfusion.errors import InputError
from syncfusion.media import GreyPicture, temporary_sibling
from syncfusion.onset.data import Clip, annotated_video, raw_video
from syncfusion.onset.motion.filming import Filming, filmed
from syncfusion.onset.motion.flow import HEIGHT, WIDTH
from syncfusion.onset.motion.inputs import MotionInput, motion_input
from syncfusion.onset.motion.lag import picture_lag
from syncfusion.onset.motion.sound_onsets import sound_onsets
from syncfusion.onset.motion.stream import Change, Motion, motion_of, read_motion, unchanged
from syncfusion.plain_values import BROKEN_ARRAYS
from syncfusion.track import OnsetTrack

VERSION = 2  # of the motion; a change of its computation raises it
RAW = "videos"  # folder of raw videos

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class MotionClip:
    """An annotated clip as the nets read it.

    Args:
        name: its id.
        inputs: of the whole clip, a batch of one.
        times: seconds of the frames, evenly spaced.
        track: the annotated onsets, with the clip's duration.
        labels: the onsets training aims at in seconds; of the sound, until ``as_seen``.
        filming: 0 for the clip as it is, else which of its variants; see ``filming.filmed``.
    """

    name: str
    inputs: MotionInput
    times: Float[np.ndarray, " frame"]
    track: OnsetTrack
    labels: Float[np.ndarray, " onset"]
    filming: int = 0

    @property
    def features(self) -> Float[Tensor, "frame feature"]:
        """Features of all frames."""
        return self.inputs.features[0]

    @property
    def grid(self) -> Float[Tensor, "frame channel row column"]:
        """Cells of all frames."""
        return self.inputs.grid[0]

    @property
    def duration(self) -> float:
        """Length of the clip in seconds."""
        return self.track.duration or float(self.times[-1])

    def until(self, seconds: float) -> "MotionClip":
        """Return the beginning of the clip; the scale of its features stays the whole one's."""
        n_frames = max(int((self.times < seconds).sum()), 1)
        return replace(
            self,
            inputs=self.inputs.frames(0, n_frames),
            times=self.times[:n_frames],
            track=self.track.between(0, seconds).with_duration(min(seconds, self.duration)),
            labels=self.labels[self.labels < seconds],
        )

    def as_seen(self, lag: float) -> "MotionClip":
        """Return the clip with its labels where pictures show them; see ``lag.picture_lag``."""
        return replace(self, labels=self.labels + picture_lag(self.times, lag))


def open_motion_clips(
    root: Path,
    names: Sequence[str],
    *,
    cache: Path,
    to_sound: bool = True,
    n_filmings: int = 0,
    with_features: bool = True,
) -> list[MotionClip]:
    """Open clips of a folder, raw or processed.

    Args:
        root: holds ``videos/<id>….mp4`` and ``times/<id>_times.txt`` as Greatest Hits does, or the
            folders of processed videos; their frames, 15 a second, are used where there is no raw
            video.
        names: ids of the clips.
        cache: folder in which motion and labels are kept.
        to_sound: whether labels are moved to the onset of the clip's own sound.
        n_filmings: variants of each clip that are computed from changed pictures.
        with_features: see ``inputs.motion_input``.

    Returns:
        The clips in the order of the names, each before its variants.

    Raises:
        InputError: if a clip is missing or cannot be read.
    """
    opened = partial(_open, root, cache=cache, to_sound=to_sound, with_features=with_features)
    return [opened(name, filming=number) for name in names for number in range(n_filmings + 1)]


def clip_names(root: Path, splits: Sequence[str]) -> list[str]:
    """Return the ids of several splits; see ``split_names``."""
    if not root.is_dir():
        raise InputError(
            f"there is no folder {root}; put videos/, times/ and a list of ids for each split "
            "there, or name another by data.root"
        )
    return [name for split in splits for name in split_names(root, split)]


def _open(
    root: Path, name: str, *, cache: Path, to_sound: bool, filming: int, with_features: bool
) -> MotionClip:
    change = partial(_filmed_anew, name=name, number=filming) if filming else unchanged
    video = raw_video(root, name)
    if video is None and ((root / name).is_dir() or not (root / RAW).is_dir()):
        clip, kept = _processed(root / name, cache, filming, change)
        track, labels = clip.track, clip.track.times
    else:
        info, track = annotated_video(root, name)
        kept = kept_motion(cache, info.path, filming, lambda: read_motion(info, change=change))
        labels = _kept_labels(cache, info.path, track) if to_sound else track.times
    inputs = motion_input(kept, with_features=with_features)
    return MotionClip(name, inputs, kept.times, track, np.array(labels, float), filming)


def _processed(folder: Path, cache: Path, filming: int, change: Change) -> tuple[Clip, Motion]:
    clip = Clip.open(folder)
    metadata, frames = folder / f"{clip.name}.metadata.json", f" {clip.pixels.modified()}"
    motion = kept_motion(cache, metadata, filming, lambda: clip_motion(clip, change), facts=frames)
    return clip, motion


def _filmed_anew(pictures: Iterable[GreyPicture], name: str, number: int) -> Iterable[GreyPicture]:
    rng = np.random.default_rng([number, zlib.crc32(name.encode())])
    return filmed(pictures, Filming.draw(rng), rng)


def clip_motion(clip: Clip, change: Change = unchanged) -> Motion:
    """Return the motion of a processed video's frames, or of what ``change`` makes of them."""
    return motion_of(change(_grey_frames(clip)), clip.duration)


def _grey_frames(clip: Clip) -> Iterator[GreyPicture]:
    frames = (frame for batch in clip.batches() for frame in batch.numpy())
    for number, frame in enumerate(frames):
        grey = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)
        method = cv2.INTER_AREA if grey.shape[0] > HEIGHT else cv2.INTER_LINEAR
        pixels = cv2.resize(grey, (WIDTH, HEIGHT), interpolation=method)
        yield GreyPicture(pixels, number / clip.fps)


def _key(path: Path, facts: str = "") -> str:
    """Return a name for what is computed from a file, as long as it and ``facts`` do not change."""
    stat = path.stat()
    facts = f"{VERSION} {path.resolve()} {stat.st_size} {stat.st_mtime_ns}{facts}"
    return f"{path.stem}.{hashlib.sha256(facts.encode()).hexdigest()[:12]}"


def kept_motion(
    cache: Path, source: Path, filming: int, compute: Callable[[], Motion], *, facts: str = ""
) -> Motion:
    """Return the motion of a file, from the cache or computed.

    Args:
        cache: folder in which it is kept.
        source: the file.
        filming: 0 for the file as it is, else which of its variants.
        compute: called where it is not there yet, or broken.
        facts: what it depends on beside the file.

    Returns:
        The motion, kept from now on.
    """
    variant = f".filming-{filming}" if filming else ""
    file = cache / f"{_key(source, facts)}{variant}.motion.npz"
    try:
        with np.load(file, allow_pickle=False) as stored:
            return Motion(stored["times"], stored["cells"], float(stored["duration"]))
    except FileNotFoundError:
        log.info("computing the motion of %s", source)
    except BROKEN_ARRAYS as error:
        log.warning("%s is broken (%s) and is computed again", file, error)
    motion = compute()
    packed = io.BytesIO()  # numpy leaves a zip open where a disk is full
    np.savez(packed, times=motion.times, cells=motion.cells, duration=motion.duration)
    with temporary_sibling(file) as temporary:
        temporary.write_bytes(packed.getbuffer())
    return motion


def _kept_labels(cache: Path, video: Path, track: OnsetTrack) -> list[float]:
    annotated = hashlib.sha256(repr(track.times).encode()).hexdigest()[:12]
    file = cache / f"{_key(video)}.{annotated}.labels.npy"
    with contextlib.suppress(OSError, *BROKEN_ARRAYS):
        return np.load(file, allow_pickle=False).tolist()
    cache.mkdir(parents=True, exist_ok=True)
    moved = np.array(sound_onsets(str(video), track.times))
    with temporary_sibling(file) as temporary, temporary.open("wb") as written:
        np.save(written, moved)
    return moved.tolist()

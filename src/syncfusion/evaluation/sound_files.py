"""Folders of sounds and videos: the clip of each file, and problems of files."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple, TypeVar

from syncfusion.constants import SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.evaluation.loudness import MAX_CHANNELS, check_sound
from syncfusion.media import Waveform, read_audio

SOUNDS = (".wav", ".flac", ".ogg", ".mp3", ".m4a")
VIDEOS = (".mp4", ".mov", ".mkv", ".webm", ".avi")
ANNOTATIONS = (".csv", ".txt")
ENDINGS = (
    "_mic",
    "_times",
    ".times",
    ".onsets",
    ".resampled",
)  # removed from a file's stem to get the clip's name

Value = TypeVar("Value")


class ReadSound(NamedTuple):
    """A sound ready for scoring, 48 kHz mono, with its conversions and anomalies."""

    sound: Waveform
    problems: tuple[str, ...]


def clip_name(path: Path) -> str:
    """Return the clip of a file: ``1_mic.mp4``, ``1_times.txt`` and ``1.wav`` belong to clip 1."""
    name = path.stem
    for ending in ENDINGS:
        name = name.removesuffix(ending)
    return name


def files_by_clip(folder: Path, suffixes: Iterable[str]) -> dict[str, Path]:
    """Find the files of some types in a folder.

    Args:
        folder: folder to search, without its subfolders.
        suffixes: suffixes of the files.

    Returns:
        The files by clip name, sorted.

    Raises:
        InputError: if the folder is missing, has no such file, or has two files of one clip.
    """
    kinds = tuple(suffixes)
    if not folder.is_dir():
        raise InputError(f"there is no folder {folder}; give one that holds {', '.join(kinds)}")
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in kinds or path.name.startswith("."):
            continue
        name = clip_name(path)
        if name in found:
            raise InputError(
                f"{found[name].name} and {path.name} in {folder} are both of the clip {name}; "
                "keep one of them"
            )
        found[name] = path
    if not found:
        raise InputError(f"{folder} holds no {', '.join(kinds)}; give the folder that does")
    return found


def read_pairs(
    files: Mapping[str, Path],
    annotations: Mapping[str, Path],
    read: Callable[[str, Path, Path], Value],
    *,
    kind: str,
) -> tuple[list[Value], list[str]]:
    """Read the clips that have both a file and an annotation.

    Args:
        files: files by clip.
        annotations: onset files by clip.
        read: returns a clip from its name and the two files; on InputError the clip is left out.
        kind: word for the files in messages.

    Returns:
        The clips in order of their names, and one sentence per clip that was left out.
    """
    clips, problems = [], []
    for name in sorted(files.keys() | annotations.keys()):
        try:
            if name not in annotations or name not in files:
                missing = "annotation" if name in files else kind
                raise InputError(f"{name}: there is no {missing} of it")
            clips.append(read(name, files[name], annotations[name]))
        except InputError as error:
            problems.append(f"{error}; left out")
    return clips, problems


def unmatched(clips: Iterable[str], files: Mapping[str, Path]) -> list[str]:
    """Return one sentence per clip without a file and per file without a clip."""
    names = list(clips)
    missing = [f"{name}: there is no sound of it" for name in names if name not in files]
    extra = [
        f"{files[name].name}: no clip has this name; it is not scored"
        for name in files
        if name not in names
    ]
    return missing + extra


def read_sound(path: Path) -> ReadSound:
    """Read a sound for scoring.

    Args:
        path: sound or video file.

    Returns:
        The sound at 48 kHz in one channel, and one sentence per conversion or anomaly.

    Raises:
        InputError: if it cannot be read or scored; the sentence names the file.
    """
    sound = read_audio(path)
    n_channels, rate = len(sound.samples), sound.sample_rate
    if n_channels > MAX_CHANNELS:
        raise InputError(f"{path.name}: {n_channels} channels; mix it down to one")
    problems = []
    if n_channels > 1:
        problems.append(f"{path.name}: {n_channels} channels, mixed down to one")
    if rate != SAMPLE_RATE:
        problems.append(f"{path.name}: {rate} Hz, resampled to {SAMPLE_RATE} Hz")
    try:
        checks = check_sound(sound)
    except InputError as error:
        raise InputError(f"{path.name}: {error}") from error
    if checks.is_silent:
        problems.append(f"{path.name}: it is silent; scored as silence")
    mono = sound.mono()
    if rate != SAMPLE_RATE:
        mono = mono.resampled(SAMPLE_RATE)
    return ReadSound(mono, tuple(problems))

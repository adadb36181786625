"""Folders of sounds and videos: which file belongs to which clip, and what is wrong with it."""

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
ENDINGS = ("_mic", "_times", ".times", ".onsets", ".resampled")  # not part of a clip's name

Clip = TypeVar("Clip")


class ReadSound(NamedTuple):
    """A sound as it is judged, 48 kHz mono, and what had to be done or looks wrong."""

    sound: Waveform
    problems: tuple[str, ...]


def clip_name(path: Path) -> str:
    """Return the clip that a file is of: ``1_mic.mp4``, ``1_times.txt`` and ``1.wav`` are of 1."""
    name = path.stem
    for ending in ENDINGS:
        name = name.removesuffix(ending)
    return name


def files_by_clip(folder: Path, suffixes: Iterable[str]) -> dict[str, Path]:
    """Find a folder's files of some kind.

    Args:
        folder: where to look; not in the folders in it.
        suffixes: of the kind.

    Returns:
        The files by the clips' names, sorted.

    Raises:
        InputError: if the folder is missing or has none, or has two of one clip.
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
    read: Callable[[str, Path, Path], Clip],
    *,
    kind: str,
) -> tuple[list[Clip], list[str]]:
    """Read the clips that have both a file and an annotation.

    Args:
        files: by clip.
        annotations: onset files, by clip.
        read: makes a clip of its name and the two; an InputError leaves it out.
        kind: what the files are called where one is missing.

    Returns:
        The clips in order of their names, and a sentence for each that was left out.
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


def unmatched(wanted: Iterable[str], found: Mapping[str, Path]) -> list[str]:
    """Return a sentence for each clip without a file and each file without a clip."""
    wanted = list(wanted)
    missing = [f"{name}: there is no sound of it" for name in wanted if name not in found]
    extra = [
        f"{found[name].name}: no clip has this name, it is not judged"
        for name in found
        if name not in wanted
    ]
    return missing + extra


def read_judged(path: Path) -> ReadSound:
    """Read a sound that is to be judged.

    Args:
        path: sound or video.

    Returns:
        It at 48 kHz in one channel, and a sentence for what was changed or looks wrong.

    Raises:
        InputError: if it cannot be read or judged; one sentence that names the file.
    """
    sound = read_audio(path)
    n_channels, rate = len(sound.samples), sound.sample_rate
    if n_channels > MAX_CHANNELS:
        raise InputError(f"{path.name}: {n_channels} channels; mix it down to one")
    problems = []
    if n_channels > 1:
        problems.append(f"{path.name}: {n_channels} channels where one is wanted, mixed down")
    if rate != SAMPLE_RATE:
        problems.append(f"{path.name}: {rate} Hz, resampled to {SAMPLE_RATE} Hz")
    try:
        checks = check_sound(sound)
    except InputError as error:
        raise InputError(f"{path.name}: {error}") from error
    if checks.is_silent:
        problems.append(f"{path.name}: it is silent, and judged as such")
    judged = sound.mono()
    return ReadSound(
        judged if rate == SAMPLE_RATE else judged.resampled(SAMPLE_RATE), tuple(problems)
    )

"""Own sounds: a folder of sound files, read as recordings with labelled onsets.

``metal hit/anything.wav`` and ``metal hit 3.wav`` are both of "metal hit". A file holds one hit or
many; their times are read from ``<name>.times.txt`` or ``<name>.times.csv`` beside it, or else
detected in the sound.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import torch
from torch.nn import functional

from syncfusion.constants import NOISE_PEAK, SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.evaluation import detect_sound_onsets
from syncfusion.hits import cut_hits
from syncfusion.media import Waveform, read_audio
from syncfusion.prompt import read_prompt
from syncfusion.timing import sample_index
from syncfusion.track import Onset, OnsetTrack

SUFFIXES = (
    *(".wav", ".flac", ".ogg", ".opus", ".mp3", ".m4a", ".aif", ".aiff"),
    *(".mp4", ".mov", ".mkv"),
)
SIDECARS = (".times.txt", ".times.csv")
# of an onset's height, where 1 is the highest of the file; on half of the shared real clips 0.2 had
# the best F, 0.86 (precision 0.81, recall 0.95); 0.1 has 0.80, 0.3 has 0.80
CLEAR = 0.2
LEAD_SECONDS = 0.5  # of silence put before a file: librosa detects no onset in the first frames


class OwnRecording(NamedTuple):
    """One file: its sound at 48 kHz, mono, its onsets, and a label per hit cut from it."""

    path: Path
    sound: Waveform
    track: OnsetTrack
    hits: list[str]


def find_sounds(folder: Path) -> list[Path]:
    """List the sound files of a folder and the folders in it, sorted.

    Args:
        folder: of sounds.

    Returns:
        The files.

    Raises:
        InputError: if there is none.
    """
    if not folder.is_dir():
        raise InputError(f"there is no folder {folder}; give one of sound files")
    found = [path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES]
    parts = {path: path.relative_to(folder).parts for path in found}
    found = [path for path in found if not any(part.startswith(".") for part in parts[path])]
    if not found:
        raise InputError(
            f"{folder} holds no sound file ({', '.join(SUFFIXES)}); "
            "put them into folders such as 'metal hit', or name them so"
        )
    return sorted(found)


def label_of(path: Path, folder: Path) -> str:
    """Return a file's label: the innermost folder name, else the file name, that has a known word.

    Args:
        path: of the file.
        folder: of all sounds; its own name is not used.

    Returns:
        The words, the innermost folder's first; "" where there are none.
    """
    names = [*reversed(path.relative_to(folder).parent.parts), path.stem]
    readable = [words for name in names if (words := _words(name))]
    known = list(filter(is_known, readable))
    return (known or readable or [""])[0]


def _words(name: str) -> str:
    """Return a name without its numbers and underscores; "" where no word of letters is left."""
    words = " ".join(re.sub(r"[\d_.()\[\]#]+", " ", name).split()).strip(" -")
    return words if re.search(r"[^\W\d_]{2}", words) else ""


def is_known(label: str) -> bool:
    """Return whether a text prompt can name it: whether it names a material or an action."""
    return bool(_words(label)) and bool(read_prompt(label).concepts)


def unknown_words(label: str) -> list[str]:
    """Return the words of a label that text prompts do not know."""
    return list(read_prompt(label).unknown) if label else []


def read_sounds(folder: Path) -> Iterator[OwnRecording | InputError]:
    """Read every file of a folder.

    Args:
        folder: of sounds.

    Yields:
        What is in each, or why it cannot be used.

    Raises:
        InputError: if there is no sound file.
    """
    for path in find_sounds(folder):
        try:
            yield read_recording(path, label_of(path, folder))
        except InputError as error:
            yield error


def read_recording(path: Path, label: str) -> OwnRecording:
    """Read one file.

    Args:
        path: any rate, any number of channels.
        label: of its hits, where the file beside it names no other; only one with a known word
            is kept, so that a hit that no text can name is learned by its sound.

    Returns:
        Its sound and onsets.

    Raises:
        InputError: if it cannot be read, is silent, or has no hit that stands out.
    """
    sound = read_audio(path, sample_rate=SAMPLE_RATE, mono=True)
    if not sound.samples.isfinite().all():
        raise InputError(f"{path} has samples that are no numbers; save it again")
    peak = float(sound.samples.abs().max())
    if peak < NOISE_PEAK:
        raise InputError(f"{path} is silent; leave it out")
    sound = Waveform(sound.samples / max(1.0, peak), SAMPLE_RATE)
    track = _labelled(_annotated(path, sound) or detect_hits(sound), label)
    hits = [hit.label for hit in cut_hits(sound, track, path.name)]
    if not hits:
        raise InputError(
            f"{path} has no hit that stands out of its noise; write its times (seconds, one a "
            f"line) into {path.with_suffix(SIDECARS[0]).name}, or leave it out"
        )
    return OwnRecording(path, sound, track, hits)


def detect_hits(sound: Waveform) -> OnsetTrack:
    """Return the clear onsets of a sound; where none is, the moment that it first gets loud.

    Args:
        sound: not silent.

    Returns:
        At least one onset.
    """
    lead = sample_index(LEAD_SECONDS, sound.sample_rate)
    padded = Waveform(functional.pad(sound.samples, (lead, 0)), sound.sample_rate)
    times = [onset.time - LEAD_SECONDS for onset in detect_sound_onsets(padded) if _is_clear(onset)]
    inside = [max(0.0, time) for time in times if time < sound.duration]
    if not inside:
        loud = sound.samples.abs().amax(0) > sound.samples.abs().max() / 4
        inside = [int(torch.nonzero(loud)[0]) / sound.sample_rate]
    return OnsetTrack(inside, sound.duration)


def _is_clear(onset: Onset) -> bool:
    return onset.confidence >= CLEAR


def _annotated(path: Path, sound: Waveform) -> OnsetTrack | None:
    """Read the onsets beside a file, where there are some."""
    for suffix in SIDECARS:
        times = path.with_suffix(suffix)
        if times.is_file():
            try:
                return OnsetTrack.read(times, sound.duration)
            except InputError as error:
                raise InputError(f"{times}: {str(error).removeprefix(f'{times}: ')}") from error
    return None


def _labelled(track: OnsetTrack, label: str) -> OnsetTrack:
    """Give each onset its label: its own, else the file's; none where no word of it is known."""
    labels = [own or label for own in track.labels]
    return replace(track, labels=[text if is_known(text) else "" for text in labels])

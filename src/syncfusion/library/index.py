"""The index of a folder of recordings: where their hits are, how loud, what they sound like.

It is built once and kept; later only new and changed files are read.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import safetensors
import soundfile
import torch
from jaxtyping import Float
from safetensors.torch import save_file
from torch import Tensor

from syncfusion.constants import PROMPT_FEATURES, SAMPLE_RATE
from syncfusion.errors import InputError
from syncfusion.library.cutting import Cut, cut_sounds, loudness_db
from syncfusion.library.ucs import described
from syncfusion.media import Waveform, read_audio, temporary_sibling
from syncfusion.plain_values import parse_json
from syncfusion.progress import Progress, ignore
from syncfusion.prompt import PromptEncoder

ENDINGS = (".wav", ".flac", ".aif", ".aiff", ".aifc", ".mp3", ".ogg", ".opus", ".m4a", ".aac")
ENDINGS += (".wma", ".caf", ".w64")
LONGEST_SECONDS = 180  # longer recordings are no hits, and are left out
VERSION = "1"
BROKEN = (ValueError, LookupError, TypeError, AttributeError)  # of a damaged index


@dataclass(frozen=True)
class LibraryHit:
    """One hit of a folder.

    Args:
        file: the recording, relative to the folder, with forward slashes.
        number: which of its hits, from 1.
        cut: where in it the hit lies, in samples at 48 kHz.
        words: the words in the names of its file and folders.
        loudness_db: level of its loudest 10 ms, dBFS.
    """

    file: str
    number: int
    cut: Cut
    words: str
    loudness_db: float


@dataclass(frozen=True)
class LibraryIndex:
    """All hits of a folder.

    Args:
        folder: the folder.
        hits: in order of file and time.
        embeddings: one prompt embedding per hit, of length 1.
        unusable: files that hold no sound that can be read, or none that is a hit.
    """

    folder: Path
    hits: tuple[LibraryHit, ...]
    embeddings: Float[Tensor, "hit 512"]
    unusable: tuple[str, ...] = ()


Entry = dict[str, Any]  # of one file: its stamp, and its hits as plain values


def build_index(
    folder: str | Path, encoder: PromptEncoder, kept: Path, *, progress: Progress = ignore
) -> LibraryIndex:
    """Return the index of a folder and its subfolders; read only what is new or changed.

    Args:
        folder: recordings of any rate and format, each of one hit or several.
        encoder: embeds the hits.
        kept: the file in which the index is kept; one for each folder and encoder. A damaged one
            is made anew.
        progress: called with ("Reading the library", files read, files in all).

    Returns:
        The index.

    Raises:
        InputError: if the folder is missing or holds no usable recording.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError(f"the library {folder} is no folder; give a folder of recordings")
    known, vectors = _read_kept(kept)
    files = sorted(_recordings(folder))
    entries: dict[str, Entry] = {}
    embeddings: dict[str, Tensor] = {}
    for number, path in enumerate(files):
        progress("Reading the library", number, len(files))
        name, stamp = path.relative_to(folder).as_posix(), _stamp(path)
        if known.get(name, {}).get("stamp") == stamp:
            entries[name], embeddings[name] = known[name], vectors[name]
        else:
            entries[name], embeddings[name] = _read_file(path, name, stamp, encoder)
    progress("Reading the library", len(files), len(files))
    if entries != known:
        _keep(kept, entries, embeddings)
    return _index(folder, entries, embeddings)


def _recordings(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix.lower() in ENDINGS and not hidden and path.is_file():
            yield path


def _stamp(path: Path) -> list[int]:
    status = path.stat()
    return [status.st_size, status.st_mtime_ns]


def _read_file(
    path: Path, name: str, stamp: list[int], encoder: PromptEncoder
) -> tuple[Entry, Float[Tensor, "hit 512"]]:
    try:
        samples = read_recording(path)
    except InputError:
        samples = torch.zeros(0)
    cuts = cut_sounds(samples)
    sounds = [samples[cut.start : cut.end] for cut in cuts]
    hits = [
        {"cut": list(cut), "loudness_db": loudness_db(sound)}
        for cut, sound in zip(cuts, sounds, strict=True)
    ]
    waveforms = [Waveform(sound[None], SAMPLE_RATE) for sound in sounds]
    vectors = encoder.embed_sounds(waveforms).cpu() if waveforms else torch.zeros(0, 512)
    words = " ".join(described(part) for part in Path(name).with_suffix("").parts)
    return {"stamp": stamp, "words": words, "hits": hits}, vectors.float()


def read_recording(path: Path) -> Float[Tensor, " time"]:
    """Return a recording of at most three minutes as one channel at 48 kHz.

    Args:
        path: of the file.

    Returns:
        Its samples.

    Raises:
        InputError: if it cannot be read or is longer.
    """
    try:
        too_long = soundfile.info(path).duration > LONGEST_SECONDS
    except soundfile.LibsndfileError:
        too_long = False
    if too_long:
        raise InputError(f"{path} is longer than three minutes; cut it into hits")
    return read_audio(path, sample_rate=SAMPLE_RATE, mono=True).samples[0]


def _index(folder: Path, entries: dict[str, Entry], embeddings: dict[str, Tensor]) -> LibraryIndex:
    hits = tuple(
        LibraryHit(name, number, Cut(*hit["cut"]), entry["words"], hit["loudness_db"])
        for name, entry in entries.items()
        for number, hit in enumerate(entry["hits"], 1)
    )
    if not hits:
        raise InputError(
            f"the library {folder} holds no recording of a hit that can be read; "
            "give a folder with wav, flac, mp3 or other sound files"
        )
    unusable = tuple(name for name, entry in entries.items() if not entry["hits"])
    return LibraryIndex(folder, hits, torch.cat(list(embeddings.values())), unusable)


def _keep(path: Path, entries: dict[str, Entry], embeddings: dict[str, Tensor]) -> None:
    """Write the index; a folder that cannot be written only costs the next start its time."""
    numbers = {str(number): vectors for number, vectors in enumerate(embeddings.values())}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary_sibling(path) as file:
            save_file(numbers, file, {"version": VERSION, "entries": json.dumps(entries)})
    except (OSError, InputError):
        return


def _read_kept(path: Path) -> tuple[dict[str, Entry], dict[str, Tensor]]:
    try:
        with safetensors.safe_open(path, "pt") as file:
            metadata = file.metadata() or {}
            if metadata.get("version") != VERSION:
                return {}, {}
            entries = parse_json(metadata["entries"])
            vectors = {name: file.get_tensor(str(k)) for k, name in enumerate(entries)}
        whole = all(
            vectors[name].shape == (len(entry["hits"]), PROMPT_FEATURES)
            and all(Cut(*hit["cut"]) and float(hit["loudness_db"]) < 1000 for hit in entry["hits"])
            and isinstance(entry["words"], str)
            for name, entry in entries.items()
        )
    except (OSError, *BROKEN, safetensors.SafetensorError):
        return {}, {}
    return (entries, vectors) if whole else ({}, {})

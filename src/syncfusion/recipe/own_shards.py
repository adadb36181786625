"""Own sounds as shards to train on, with a few recordings held out where there are enough."""

import random
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from syncfusion.clip_files import ClipFiles
from syncfusion.errors import InputError
from syncfusion.media import write_wav
from syncfusion.recipe.own_sounds import (
    OwnRecording,
    is_known,
    label_of,
    read_sounds,
    unknown_words,
)
from syncfusion.shards import write_shard

TRAIN, VALIDATION = "train_shard_1.tar", "val_shard_1.tar"
OWN_SHARDS = (TRAIN, VALIDATION)
FEW = 5  # files, below which none is held out


@dataclass(frozen=True)
class OwnSet:
    """What became of a folder of sounds.

    Args:
        n_files: that are used.
        n_held_out: of those, for validation only; 0 if there are few: validation then uses
            what training does.
        hits: how many, by label; "" for those that no text can name.
        remarks: a sentence for each file that is left out or that no text can name.
    """

    n_files: int
    n_held_out: int
    hits: Counter[str]
    remarks: Sequence[str]

    def summary(self) -> dict[str, Any]:
        """Return the counts as plain values."""
        hits = {label or "no label": count for label, count in sorted(self.hits.items())}
        return {"hits": hits, "files": self.n_files, "held out": self.n_held_out}


def write_own_shards(folder: Path, output: Path, *, seed: int = 0) -> OwnSet:
    """Write ``train_shard_1.tar`` and ``val_shard_1.tar`` of a folder of sounds.

    Args:
        folder: of sounds.
        output: folder of the shards; made where it is missing.
        seed: decides which files are held out, every tenth.

    Returns:
        What is in them.

    Raises:
        InputError: if no file can be used.
    """
    remarks, hits, videos = [], Counter(), {}
    parts = output / ".parts"
    shutil.rmtree(parts, ignore_errors=True)
    try:
        for number, found in enumerate(read_sounds(folder)):
            if isinstance(found, InputError):
                remarks.append(str(found))
                continue
            videos[_write_files(found, parts, number)] = label_of(found.path, folder)
            hits.update(found.hits)
        if not videos:
            raise InputError("\n".join([*remarks, f"nothing in {folder} can be learned from"]))
        held_out = hold_out(videos, seed)
        write_shard([video for video in videos if video not in held_out], output / TRAIN)
        write_shard(held_out or list(videos), output / VALIDATION)
    finally:
        shutil.rmtree(parts, ignore_errors=True)
    return OwnSet(len(videos), len(held_out), hits, remarks + naming_remarks(videos.values()))


def hold_out(labels: Mapping[Path, str], seed: int) -> list[Path]:
    """Choose a tenth of the recordings, at least one, but none of a few and never a label's last.

    Args:
        labels: of each recording.
        seed: of the choice.

    Returns:
        Those held out.
    """
    if len(labels) < FEW:
        return []
    left, chosen = Counter(labels.values()), []
    for video in random.Random(seed).sample(sorted(labels), len(labels)):
        if left[labels[video]] > 1 and len(chosen) < max(1, len(labels) // 10):
            left[labels[video]] -= 1
            chosen.append(video)
    return chosen


def naming_remarks(labels: Iterable[str]) -> list[str]:
    """Return a sentence for every label that text cannot call for as it is written.

    Args:
        labels: one of each file.

    Returns:
        Sentences, each label's once.
    """
    counts = sorted(Counter(labels).items())
    return [remark for label, n_files in counts if (remark := _naming_remark(label, n_files))]


def _naming_remark(label: str, n_files: int) -> str:
    if not label:
        return (
            f"{_files(n_files)} without a label can be called for by --reference alone; "
            "a folder or file name such as 'metal hit' gives them one"
        )
    unknown = ", ".join(map(repr, unknown_words(label)))
    if not is_known(label):
        return (
            f"no word of {label!r} is known, so {_files(n_files)} of it can be called for by "
            "--reference alone; name a material or an action to call for them by text"
        )
    return f"of {label!r} text prompts will not understand {unknown}" if unknown else ""


def _files(n_files: int) -> str:
    return f"{n_files} file{'s' * (n_files != 1)}"


def _write_files(recording: OwnRecording, parts: Path, number: int) -> Path:
    """Write a recording as a processed video without its frames; return its folder."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", recording.path.stem).strip("-")
    files = ClipFiles(parts / f"{number:05d}-{name}", f"{number:05d}-{name}")
    write_wav(recording.sound, files.audio, subtype="PCM_16")
    files.times.write_text(recording.track.to_csv())
    return files.folder

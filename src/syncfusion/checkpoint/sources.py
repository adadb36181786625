"""Addresses of published weights and shards, their places here, and the checksums pinned."""

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from syncfusion.checkpoint.records import Record
from syncfusion.checkpoint.remote import Remote
from syncfusion.errors import InputError
from syncfusion.places import CLAP_WEIGHTS as CLAP
from syncfusion.prompt import FOLDER as TOKENIZER
from syncfusion.prompt import IN_PARTS, REPOSITORIES
from syncfusion.prompt import WEIGHTS_SOURCE as CLAP_SOURCE

MODELS = Record(12634630)  # the checkpoints of the published README
SHARDS = Record(12634671)  # its shards
HUB = "https://huggingface.co"
CLAP_REPOSITORY = CLAP_SOURCE.removeprefix(f"{HUB}/")
TOKENIZER_REPOSITORY = REPOSITORIES[-1]
PINNED = {  # sha256 and bytes of files of the hub, as several unrelated projects pin them too
    "630k-audioset-best.pt": (
        "8053c9775516af2f4902e1e8281e356cc1bf7a85e8b761908170767b77c3f037",
        1_863_587_645,
    ),
    "vocab.json": ("9e7f63c2d15d666b52e21d250d2e513b87c9b713cfa6987a82ed89e5e6e50655", 898_823),
    "merges.txt": ("1ce1664773c50f3e0cc8842619a93edc4624525b728b188a9e0be33b7726adc5", 456_318),
}  # files of the Zenodo records have the md5 of that server alone, see records.py
PAPER = CLAP.parent / "paper"
SIGNS = {  # in a file's name; the published trainings put these losses into theirs
    "onset": re.compile(r"onset|step=\d+-(loss/)?val=", re.IGNORECASE),
    "diffusion": re.compile(r"diff|valid_loss=", re.IGNORECASE),
}
AUGMENTED = re.compile("aug", re.IGNORECASE)
WEIGHTS = (".ckpt", ".safetensors", ".pt")
SHARD_NAMES = ("train_shard_1", "train_shard_2", "train_shard_3", "val_shard_1", "test_shard_1")
SHARD_NAMES += ("test_onset_preds", "test_onset_augment_preds")

SETS = {  # of weights: the places of their files
    "onset": (PAPER / "onset.ckpt",),
    "diffusion": (PAPER / "diffusion.ckpt",),
    "clap": (CLAP, *(TOKENIZER / part for part in IN_PARTS)),
}
SETS["paper"] = SETS["onset"] + SETS["diffusion"] + SETS["clap"]
DOWNLOADS = (*SETS, "shards")


def shards_folder() -> Path:
    """Return where the published shards lie: below ``DIR_DATA``, or ``data`` where it is unset."""
    data = Path(os.environ.get("DIR_DATA") or "data")
    return data / "DIFF-SFX-webdataset" / "greatest_hits"


def places_of(name: str) -> tuple[Path, ...]:
    """Return the places of the files of a set."""
    if name == "shards":
        return tuple(shards_folder() / f"{shard}.tar" for shard in SHARD_NAMES)
    return SETS[name]


def files_of(name: str, *, offline: bool = False) -> list[tuple[Remote, Path]]:
    """Return the files of a set, and the place of each.

    Args:
        name: of a set, or of one file of the Zenodo record of models.
        offline: whether Zenodo's list may not be read; its files then have no checksum.

    Returns:
        Files and places.

    Raises:
        InputError: if there is no such set or file, or Zenodo's list cannot be read.
    """
    if name not in DOWNLOADS and not Path(name).suffix:
        raise InputError(
            f"there is nothing called {name!r}; take {', '.join(DOWNLOADS)} or the name of a file "
            f"of {MODELS.page}"
        )
    if name == "clap":
        return _clap_files()
    if offline:
        return _unlisted(name) + (_clap_files() if name == "paper" else [])
    if name == "shards":
        listed = SHARDS.files()
        return [(_named(listed, place.name, SHARDS), place) for place in places_of(name)]
    return _paper_files(name) + (_clap_files() if name == "paper" else [])


def files_there(folder: Path) -> Iterator[Path]:
    """Yield the files with weights in a folder and the folders in it, sorted."""
    return (path for path in sorted(folder.glob("**/*")) if path.suffix in WEIGHTS)


def choose(listed: Sequence[Remote], part: str) -> Remote:
    """Return the one checkpoint of a record that belongs to a part of the method.

    Args:
        listed: the record's files.
        part: "onset" or "diffusion".

    Returns:
        The ``.ckpt`` whose name fits; of several the one trained with augmentation.

    Raises:
        InputError: if there is none, or no one of several.
    """
    fitting = [f for f in listed if SIGNS[part].search(f.name) and f.name.endswith(".ckpt")]
    augmented = [file for file in fitting if AUGMENTED.search(file.name)]
    chosen = augmented if len(fitting) > 1 else fitting
    if len(chosen) != 1:
        raise InputError(
            f"which file of {MODELS.page} is the {part} model is not clear "
            f"from {', '.join(file.name for file in listed)}; download one by its name and move it "
            f"to {PAPER / part}.ckpt"
        )
    return chosen[0]


def hub_file(repository: str, name: str) -> Remote:
    """Return a file of the Hugging Face hub, with the checksum that is pinned here."""
    sha256, size = PINNED[name]
    url = f"{HUB}/{repository}/resolve/main/{name}"
    return Remote(name, url, f"sha256:{sha256}", size, repository, is_pinned=True)


def _paper_files(name: str) -> list[tuple[Remote, Path]]:
    listed = MODELS.files()
    if name not in SETS:
        return [(_named(listed, name, MODELS), PAPER / name)]
    parts = SIGNS if name == "paper" else (name,)
    return [(choose(listed, part), PAPER / f"{part}.ckpt") for part in parts]


def _named(listed: Sequence[Remote], name: str, record: Record) -> Remote:
    found = [file for file in listed if file.name == name]
    if not found:
        raise InputError(
            f"{record.page} has no {name}; it has {', '.join(file.name for file in listed)}"
        )
    return found[0]


def _unlisted(name: str) -> list[tuple[Remote, Path]]:
    """Return Zenodo's files of a set without what its list has of them."""
    record = SHARDS if name == "shards" else MODELS
    places = places_of(name) if name in DOWNLOADS else (PAPER / Path(name).name,)
    own = [place for place in places if name == "shards" or place.parent == PAPER]
    return [(Remote(place.name, record.page), place) for place in own]


def _clap_files() -> list[tuple[Remote, Path]]:
    files = [(CLAP_REPOSITORY, CLAP), *((TOKENIZER_REPOSITORY, TOKENIZER / p) for p in IN_PARTS)]
    return [(hub_file(repository, place.name), place) for repository, place in files]

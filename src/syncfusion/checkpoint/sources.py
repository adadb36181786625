"""Addresses of published weights, and their places here."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from syncfusion.checkpoint.download import fetch_json
from syncfusion.checkpoint.remote import Remote
from syncfusion.errors import InputError
from syncfusion.places import CLAP_WEIGHTS as CLAP
from syncfusion.prompt import FOLDER as TOKENIZER
from syncfusion.prompt import IN_PARTS, REPOSITORIES
from syncfusion.prompt import SOURCE as CLAP_SOURCE

RECORD = 12634630  # Zenodo; the checkpoints of the published README
ZENODO = "https://zenodo.org/api/records/{record}"
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
}  # the two files of the Zenodo record have the md5 of that server alone
PAPER = CLAP.parent / "paper"
SIGNS = {  # in a file's name; the published trainings put these losses into theirs
    "onset": re.compile(r"onset|step=\d+-(loss/)?val=", re.IGNORECASE),
    "diffusion": re.compile(r"diff|valid_loss=", re.IGNORECASE),
}
AUGMENTED = re.compile("aug", re.IGNORECASE)
WEIGHTS = (".ckpt", ".safetensors", ".pt")

SETS = {  # names that can be downloaded: the places of their files
    "onset": (PAPER / "onset.ckpt",),
    "diffusion": (PAPER / "diffusion.ckpt",),
    "clap": (CLAP, *(TOKENIZER / part for part in IN_PARTS)),
}
SETS["paper"] = SETS["onset"] + SETS["diffusion"] + SETS["clap"]


def files_of(name: str) -> list[tuple[Remote, Path]]:
    """Return the files of a set of weights, and the place of each.

    Args:
        name: of a set, or of one file of the Zenodo record.

    Returns:
        Files and places.

    Raises:
        InputError: if there is no such set or file, or Zenodo's list cannot be read.
    """
    if name not in SETS and not Path(name).suffix:
        raise InputError(
            f"there is nothing called {name!r}; take {', '.join(SETS)} or the name of a file of "
            f"https://zenodo.org/records/{RECORD}"
        )
    files = [] if name == "clap" else _paper_files(name)
    return files + _clap_files() if name in ("clap", "paper") else files


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
            f"which file of https://zenodo.org/records/{RECORD} is the {part} model is not clear "
            f"from {', '.join(file.name for file in listed)}; download one by its name and move it "
            f"to {PAPER / part}.ckpt"
        )
    return chosen[0]


def zenodo_files(record: Any) -> list[Remote]:
    """Return the files of a record as Zenodo's records API describes it."""
    return [
        Remote(f["key"], f["links"]["self"], f.get("checksum", ""), f["size"])
        for f in record["files"]
    ]


def hub_file(repository: str, name: str) -> Remote:
    """Return a file of the Hugging Face hub, with the checksum that is pinned here."""
    sha256, size = PINNED[name]
    url = f"{HUB}/{repository}/resolve/main/{name}"
    return Remote(name, url, f"sha256:{sha256}", size, repository)


def _paper_files(name: str) -> list[tuple[Remote, Path]]:
    url = ZENODO.format(record=RECORD)
    listed = _understood(url, zenodo_files)
    if name not in SETS:
        found = [file for file in listed if file.name == name]
        if not found:
            raise InputError(
                f"{url} has no {name}; it has {', '.join(file.name for file in listed)}"
            )
        return [(found[0], PAPER / Path(name).name)]
    parts = SIGNS if name == "paper" else (name,)
    return [(choose(listed, part), PAPER / f"{part}.ckpt") for part in parts]


def _clap_files() -> list[tuple[Remote, Path]]:
    files = [(CLAP_REPOSITORY, CLAP), *((TOKENIZER_REPOSITORY, TOKENIZER / p) for p in IN_PARTS)]
    return [(hub_file(repository, place.name), place) for repository, place in files]


def _understood(url: str, read: Any) -> list[Remote]:
    answer = fetch_json(url)
    try:
        return read(answer)
    except (LookupError, TypeError, AttributeError) as error:
        raise InputError(
            f"the answer of {url} is not understood ({error!r}); fetch the files by hand"
        ) from error

"""What a path holds: which kinds of models, and whether they load."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from torch import Tensor

from syncfusion.checkpoint.files import CONFIG_KEYS, load_diffusion, load_onset, open_lightning
from syncfusion.checkpoint.keys import PUBLISHED_ENCODER, PUBLISHED_UNET
from syncfusion.errors import InputError
from syncfusion.prompt import WEIGHTS, CompactPromptEncoder, read_clap
from syncfusion.weights import file_hash

MARKS = {  # beginnings of tensors' names that only one kind of Lightning file has
    "onset": ("model.net.model.",),
    "diffusion": (f"{PUBLISHED_UNET}blocks.", PUBLISHED_ENCODER, "model.unet."),
    "clap": ("module.audio_branch.", "audio_branch."),
}


class Stored(NamedTuple):
    """A model in a file: its kind, what its loader is given, and the file."""

    kind: str
    path: Path
    file: Path


class Verified(NamedTuple):
    """A model that loads."""

    stored: Stored
    n_parameters: int
    sha256: str


def find_models(path: Path, kind: str | None = None) -> list[Stored]:
    """Find the models of a folder, or what kind of model a file holds.

    Args:
        path: a folder of ours or of a preset, or a Lightning file.
        kind: "onset" or "diffusion" to look for that alone, and not into a file.

    Returns:
        One or more models, not loaded yet.

    Raises:
        InputError: if there is none.
    """
    if path.is_dir():
        found = [model for model in _in_folder(path) if kind in (None, model.kind)]
        if not found:
            raise InputError(
                f"{path} holds no {kind or 'model'}; give a folder with {kind or 'onset'}"
                ".safetensors or a Lightning .ckpt file"
            )
        return found
    return [Stored(kind or _kind_of(path), path, path)]


def verify(path: Path, kind: str | None = None) -> list[Verified]:
    """Load every model of a path strictly.

    Args:
        path: see ``find_models``.
        kind: see there.

    Returns:
        How large each model is, and the sha256 of its file.

    Raises:
        InputError: if there is none, or one cannot be loaded.
    """
    return [
        Verified(
            model, sum(t.numel() for t in LOADERS[model.kind](model.path)), file_hash(model.file)
        )
        for model in find_models(path, kind)
    ]


def _in_folder(folder: Path) -> Iterator[Stored]:
    for kind in CONFIG_KEYS:
        weights, lightning = folder / f"{kind}.safetensors", folder / f"{kind}.ckpt"
        if weights.is_file():
            yield Stored(kind, folder, weights)
        elif lightning.is_file():
            yield Stored(kind, lightning, lightning)
    if (folder / WEIGHTS).is_file():
        yield Stored("prompt", folder, folder / WEIGHTS)


def _kind_of(path: Path) -> str:
    content = open_lightning(path)
    for kind, key in CONFIG_KEYS.items():
        if key in content:
            return kind
    state = content.get("state_dict", content)
    for kind, marks in MARKS.items():
        if isinstance(state, dict) and any(str(key).startswith(marks) for key in state):
            return kind
    raise InputError(
        f"{path} holds no model that is known here; give a checkpoint of an onset net, a diffusion "
        "model or CLAP"
    )


def _prompt_tensors(folder: Path) -> Iterable[Tensor]:
    encoder = CompactPromptEncoder.load(folder)
    return chain(encoder.text.parameters(), encoder.sound.parameters())


LOADERS: dict[str, Callable[[Path], Iterable[Tensor]]] = {
    "onset": lambda path: load_onset(path).parameters(),
    "diffusion": lambda path: load_diffusion(path).parameters(),
    "clap": lambda path: read_clap(path).state.values(),
    "prompt": _prompt_tensors,
}

"""The kinds of models that a path holds, and whether they load."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from torch import Tensor, nn

from syncfusion.checkpoint.files import CONFIG_KEYS, load_diffusion, load_onset, open_lightning
from syncfusion.checkpoint.keys import PUBLISHED_ENCODER, PUBLISHED_UNET
from syncfusion.checkpoint.states import read_state
from syncfusion.errors import InputError
from syncfusion.hashing import file_hash
from syncfusion.prompt import WEIGHTS, CompactPromptEncoder, read_clap
from syncfusion.weights import check_finite

MARKS = {  # prefixes of tensor names that only one kind of file has
    "onset": ("model.net.model.", "net.model.", "model.features.0.", "model.grids.0."),
    "diffusion": (f"{PUBLISHED_UNET}blocks.", PUBLISHED_ENCODER, "model.unet.", "unet."),
    "clap": ("audio_branch.",),
}


class Stored(NamedTuple):
    """A model in a file: its kind, the argument of its loader, and the file."""

    kind: str
    path: Path
    file: Path


class Loaded(NamedTuple):
    """A model's tensors by name, buffers too, and how many parameters it has."""

    tensors: Mapping[str, Tensor]
    n_parameters: int


class Verified(NamedTuple):
    """A model that loads."""

    stored: Stored
    n_parameters: int
    sha256: str


def find_models(path: Path, kind: str | None = None) -> list[Stored]:
    """Find the models of a folder, or the kind of the model in a file.

    Args:
        path: a folder of ours or of a preset, or a Lightning file.
        kind: "onset" or "diffusion" to find only these, without opening a file.

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
        Size of each model, and the sha256 of its file.

    Raises:
        InputError: if there is none, one cannot be loaded, or one has weights that are not finite.
    """
    found = []
    for stored in find_models(path, kind):
        model = LOADERS[stored.kind](stored.path)
        check_finite(model.tensors, stored.file)
        found.append(Verified(stored, model.n_parameters, file_hash(stored.file)))
    return found


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
    state = read_state(content, path)
    for kind, marks in MARKS.items():
        if any(key.startswith(marks) for key in state):
            return kind
    raise InputError(
        f"{path} holds no model that is known here; give a checkpoint of an onset net, a diffusion "
        "model or CLAP"
    )


def _loaded(*nets: nn.Module) -> Loaded:
    tensors = {key: t for net in nets for key, t in net.state_dict().items()}
    return Loaded(tensors, sum(p.numel() for net in nets for p in net.parameters()))


def _load_clap(path: Path) -> Loaded:
    state = read_clap(path).state
    return Loaded(state, sum(tensor.numel() for tensor in state.values()))


def _load_prompt(folder: Path) -> Loaded:
    encoder = CompactPromptEncoder.load(folder)
    return _loaded(encoder.text, encoder.sound)


LOADERS: dict[str, Callable[[Path], Loaded]] = {
    "onset": lambda path: _loaded(load_onset(path)),
    "diffusion": lambda path: _loaded(load_diffusion(path)),
    "clap": _load_clap,
    "prompt": _load_prompt,
}

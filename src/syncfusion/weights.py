"""Reading weights from files that are not trusted, and loading them into a net strictly."""

import hashlib
import pickle
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path, PosixPath
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from syncfusion.errors import InputError

Net = TypeVar("Net", bound=nn.Module)
UNPICKLING = (pickle.UnpicklingError, struct.error, EOFError, RuntimeError)  # of broken files
UNPICKLING += (AttributeError, LookupError, TypeError, ValueError)


def read_pickle(path: str | Path) -> Any:
    """Read a file of ``torch.save`` without running code that it may hold.

    Args:
        path: the file.

    Returns:
        Tensors and plain values, among them numpy scalars and paths. Where possible, tensors are
        mapped to the file: copy them before the file changes.

    Raises:
        OSError: if the file cannot be opened.
        UnpicklingError: or another of ``UNPICKLING`` if it is broken or holds other objects.
    """
    mapped = zipfile.is_zipfile(path)
    with torch.serialization.safe_globals(_harmless()):
        return torch.load(path, map_location="cpu", weights_only=True, mmap=mapped)


def _harmless() -> list[Callable | tuple[Callable, str]]:
    """Return the globals of pickled numpy scalars (an epoch, a score) and paths."""
    make: Any = np.float64(0).__reduce__()[0]
    names = [f"numpy.{core}.multiarray.scalar" for core in ("core", "_core")]
    kinds = {type(np.dtype(kind)) for kind in ("f2", "f4", "f8", "i4", "i8", "?")}
    return [*((make, name) for name in names), np.dtype, *kinds, PosixPath]


def filled(net: Net, state: Mapping[str, Tensor], path: str | Path) -> Net:
    """Load weights into a net, strictly, and put it into eval mode.

    Args:
        net: the net to fill.
        state: its tensors by name.
        path: the file of the tensors, for the message.

    Returns:
        The same net.

    Raises:
        InputError: if a name or a shape differs from the net's, or a weight is not finite.
    """
    check_fits(net, state, path)
    check_finite(state, path)
    net.load_state_dict(state)
    return net.eval()


def check_finite(state: Mapping[str, Tensor], path: str | Path) -> None:
    """Raise an ``InputError`` that names the file where a weight is not finite."""
    broken = [name for name, tensor in state.items() if not tensor.isfinite().all()]
    if broken:
        raise InputError(
            f"{path} holds weights that are not finite: {', '.join(broken[:3])}"
            f"{' and others' if len(broken) > 3 else ''} ({len(broken)} of {len(state)} "
            "tensors); its training diverged or the file is damaged, so take an earlier one"
        )


def check_fits(net: nn.Module, state: Mapping[str, Tensor], path: str | Path) -> None:
    """Compare names and shapes of weights with a net's, which may be on the meta device.

    Args:
        net: the net to fill.
        state: its tensors by name.
        path: the file of the tensors, for the message.

    Raises:
        InputError: if a name or a shape differs from the net's.
    """
    expected = net.state_dict()
    missing = sorted(expected.keys() - state.keys())
    extra = sorted(state.keys() - expected.keys())
    resized = sorted(
        f"{key} {tuple(state[key].shape)} for {tuple(expected[key].shape)}"
        for key in expected.keys() & state.keys()
        if expected[key].shape != state[key].shape
    )
    for kind, keys in (("lacks", missing), ("has no use for", extra), ("differs in", resized)):
        if keys:
            raise InputError(
                f"{path} holds another architecture: it {kind} {', '.join(keys[:3])}"
                f"{' and others' if len(keys) > 3 else ''} ({len(keys)} in all); "
                "give a checkpoint of this kind of model"
            )


def state_hash(net: nn.Module) -> str:
    """Return the sha256 of a net's weights with their names, in hexadecimal."""
    total = hashlib.sha256()
    for name, tensor in sorted(net.state_dict().items()):
        total.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        total.update(tensor.detach().cpu().flatten().clone().view(torch.uint8).numpy())
    return total.hexdigest()

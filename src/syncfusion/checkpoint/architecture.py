"""Nets built by settings that came in a file: within bounds, and only if the weights fit."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from syncfusion.errors import InputError
from syncfusion.weights import check_fits, filled

Net = TypeVar("Net", bound=nn.Module)
MOST = 2**24  # of any number, such as the samples of a clip
MOST_PARTS = 64  # entries of a list, and of what is counted: nets, stages, items
COUNTS = ("n_feature_nets", "n_grid_nets", "items", "blocks", "dilations", "factors")
WIDEST = 2**15  # channels
TABLED = ("hop", "traces")  # of the front end, which has tables for them
LARGEST_TABLE = 2**12
UNBUILDABLE = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError)
UNBUILDABLE += (RuntimeError, AssertionError)  # torch raises these for sizes that it cannot have


def built(
    make: Callable[[], Net], state: Mapping[str, Tensor], path: str | Path, file: str | Path
) -> Net:
    """Build a net and fill it; memory is taken for it only once the weights are known to fit.

    Args:
        make: builds the net.
        state: its tensors by name.
        path: the checkpoint, for the message.
        file: of the tensors, likewise.

    Returns:
        The net in eval mode.

    Raises:
        InputError: if it cannot be built, or the weights are another net's or not finite.
    """
    with describing(path):
        with torch.device("meta"):
            outline = make()
        check_fits(outline, state, path)
        with _Undrawn():
            net = make()
    return filled(net, state, file)


class _Undrawn(TorchFunctionMode):
    """Leaves out the drawing of initial weights, which are all replaced afterwards."""

    def __torch_function__(
        self, func: Callable, types: Any, args: tuple = (), kwargs: dict | None = None
    ) -> Any:
        """Return what a function returns; one of ``nn.init`` leaves its tensor as it is."""
        kwargs = kwargs or {}
        if getattr(func, "__module__", "") == nn.init.__name__:
            return kwargs["tensor"] if "tensor" in kwargs else args[0]
        return func(*args, **kwargs)


@contextlib.contextmanager
def describing(path: str | Path) -> Iterator[None]:
    """Turn what constructors raise for settings of a file into an ``InputError`` that names it."""
    try:
        yield
    except InputError:
        raise
    except UNBUILDABLE as error:
        reason = " ".join(str(error).split())[:200]
        raise InputError(
            f"the architecture that {path} describes cannot be built ({reason}); "
            "use the yaml file that was written with the weights"
        ) from error


def check_settings(config: Any, path: str | Path) -> None:
    """Check that settings are plain and within bounds, before anything is built by them.

    Args:
        config: as a file describes an architecture; nested mappings are checked too.
        path: the file, for the message.

    Raises:
        InputError: if a value is of no plain kind, or so large that building would not end.
    """
    with describing(path):
        _check(config, "")


def _check(value: Any, name: str) -> None:
    if isinstance(value, Mapping):
        for inner, entry in value.items():
            _check(entry, str(inner))
    elif isinstance(value, list | tuple):
        if len(value) > MOST_PARTS:
            raise ValueError(f"{name} has {len(value)} entries")
        for entry in value:
            _check_number(entry, name)
    elif not (value is None or isinstance(value, str)):
        _check_number(value, name)


def _check_number(value: Any, name: str) -> None:
    if not isinstance(value, int | float):
        raise TypeError(f"{name} holds {str(value)[:60]!r}")
    widest = WIDEST if name.endswith(("channels", "features", "width", "hidden")) else MOST
    most = LARGEST_TABLE if name in TABLED else MOST_PARTS if name in COUNTS else widest
    if not 0 <= value <= most:
        raise ValueError(f"{name} is {str(value)[:60]}")

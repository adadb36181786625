"""CLAP's files, back end and device, and the loaded encoder."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

import torch
from jaxtyping import Float
from torch import Tensor

from syncfusion.device import find_device
from syncfusion.errors import InputError
from syncfusion.extras import missing_extra
from syncfusion.places import CLAP_WEIGHTS
from syncfusion.prompt.clap.laion import LaionClap
from syncfusion.prompt.clap.sound import ClapWindows
from syncfusion.prompt.clap.sources import TOKENIZER_SOURCE, WEIGHTS_SOURCE
from syncfusion.prompt.clap.tokenizer import (
    ClapTokenizer,
    Tokens,
    load_tokenizer,
    tokenizer_files,
)
from syncfusion.prompt.clap.transformers import TransformersClap
from syncfusion.prompt.clap.weights import ClapWeights, read_clap


class ClapNet(Protocol):
    """The interface of every back end."""

    def embed_tokens(self, tokens: Tokens) -> Float[Tensor, "batch 512"]:
        """Return one unit vector per text."""
        ...

    def embed_windows(self, windows: ClapWindows) -> Float[Tensor, "batch 512"]:
        """Return one unit vector per sound."""
        ...


BACK_ENDS: dict[str, Callable[[ClapWeights, torch.device], ClapNet]] = {
    "transformers": TransformersClap,
    "laion": LaionClap,
}


@dataclass(frozen=True, kw_only=True)
class ClapConfig:
    """CLAP's files, back end and device.

    Args:
        checkpoint: laion-clap's file.
        tokenizer: folder of roberta-base's tokenizer; None for ``checkpoints/roberta-base`` or
            the cache of the Hugging Face hub.
        back_end: "transformers", or "laion" for the laion-clap package; equal to rounding.
        device: "auto", "cpu", "cuda", "mps", or a torch device, which may have an index.

    Raises:
        InputError: if there is no such back end.
    """

    checkpoint: str | Path = CLAP_WEIGHTS
    tokenizer: str | Path | None = None
    back_end: str = "transformers"
    device: str | torch.device = "auto"

    def __post_init__(self) -> None:
        if self.back_end not in BACK_ENDS:
            raise InputError(
                f"CLAP has no back end {self.back_end!r}; use {' or '.join(BACK_ENDS)}"
            )

    def files(self) -> tuple[Path, ...]:
        """Return the paths of the checkpoint and the tokenizer, whether they exist or not."""
        folder = None if self.tokenizer is None else Path(self.tokenizer)
        return Path(self.checkpoint), *tokenizer_files(folder)

    def check(self) -> None:
        """Check that the files exist, without reading them.

        Raises:
            InputError: if some are missing; the message names them and their sources.
        """
        missing = [str(path) for path in self.files() if not path.is_file()]
        if missing:
            raise InputError(
                f"CLAP needs {' and '.join(missing)}; run syncfusion checkpoints download clap, "
                f"or take them from {WEIGHTS_SOURCE} and {TOKENIZER_SOURCE}"
            )


class LoadedClap(NamedTuple):
    """Frozen, in eval mode and on its device."""

    tokenizer: ClapTokenizer
    net: ClapNet
    device: torch.device


def load_clap(config: ClapConfig) -> LoadedClap:
    """Load tokenizer and weights.

    Args:
        config: files, back end and device.

    Returns:
        Tokenizer, nets and device.

    Raises:
        InputError: if files are missing, broken or not CLAP's, or a package is not installed.
    """
    config.check()
    checkpoint, *tokenizer = config.files()
    weights, device = read_clap(checkpoint), config.device
    device = device if isinstance(device, torch.device) else find_device(device)
    try:
        return LoadedClap(
            load_tokenizer(tuple(tokenizer), weights.n_tokens),
            BACK_ENDS[config.back_end](weights, device),
            device,
        )
    except ModuleNotFoundError as error:
        known = missing_extra(error)
        if known is None:
            raise
        raise InputError(f"CLAP by the back end {config.back_end!r}: {known}") from error

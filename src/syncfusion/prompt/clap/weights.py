"""The CLAP checkpoint, read without running code that it may hold, and checked."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from syncfusion.errors import InputError
from syncfusion.places import CLAP_WEIGHTS
from syncfusion.prompt.clap.sources import WEIGHTS_SOURCE
from syncfusion.weights import UNPICKLING, read_pickle

WORDS = "text_branch.embeddings.word_embeddings.weight"
POSITIONS = "text_branch.embeddings.position_embeddings.weight"
PATCHES = "audio_branch.patch_embed.proj.weight"
BANK = "audio_branch.logmel_extractor.melW"
NUMBERS = "text_branch.embeddings.position_ids"  # 0, 1, 2, …: written by old transformers only
FUSION = "audio_branch.patch_embed.fusion_model."  # only the variants for long sounds have it


@dataclass(frozen=True)
class ClapWeights:
    """Tensors of a CLAP checkpoint under laion-clap's names.

    Args:
        path: the file they come from.
        state: by name, without the prefix of distributed training.
    """

    path: Path
    state: dict[str, Tensor]

    @property
    def n_tokens(self) -> int:
        """Size of the text net's vocabulary; 50 265 in the published file."""
        return len(self.state[WORDS])

    @property
    def n_positions(self) -> int:
        """Positions of the text net; 514 in the published file."""
        return len(self.state[POSITIONS])

    @property
    def n_text_layers(self) -> int:
        """Layers of the text net; 12 in the published file."""
        found = (re.match(r"text_branch\.encoder\.layer\.(\d+)\.", key) for key in self.state)
        return 1 + max((int(layer[1]) for layer in found if layer), default=-1)


def read_clap(path: Path) -> ClapWeights:
    """Read a checkpoint as laion-clap publishes them.

    Args:
        path: a pickle of tensors, or of a dictionary that has them under ``state_dict``.

    Returns:
        Its tensors, mapped from the file where possible: copy them before the file changes.

    Raises:
        InputError: if the file cannot be read safely, or is no CLAP checkpoint without fusion.
    """
    try:
        content = read_pickle(path)  # an optimiser's state beside it stays unread
    except (OSError, *UNPICKLING) as error:
        raise InputError(
            f"{path} is no checkpoint that can be read safely; "
            f"put {CLAP_WEIGHTS.name} from {WEIGHTS_SOURCE} there"
        ) from error
    return _checked(path, _tensors(content))


def _tensors(content: Any) -> dict[str, Tensor]:
    state = content.get("state_dict", content) if isinstance(content, dict) else {}
    if not isinstance(state, dict):
        return {}
    return {
        str(key).removeprefix("module."): torch.as_tensor(value)
        for key, value in state.items()
        if isinstance(value, Tensor | np.number) and not str(key).endswith(NUMBERS)
    }


def _checked(path: Path, state: dict[str, Tensor]) -> ClapWeights:
    lacking = [key for key in (WORDS, POSITIONS, PATCHES, BANK) if key not in state]
    if lacking:
        problem = f"is no CLAP checkpoint: it lacks {lacking[0]}"
    elif any(key.startswith(FUSION) for key in state):
        problem = "is the fusion variant of CLAP, whose sound net is another"
    else:
        return ClapWeights(path, state)
    raise InputError(f"{path} {problem}; put {CLAP_WEIGHTS.name} from {WEIGHTS_SOURCE} there")

"""The state of PyTorch's random generators, on which dropout depends."""

from typing import TypedDict

import torch
from torch import Tensor


class RandomState(TypedDict):
    """States of the generators.

    Attributes:
        cpu: of the processor's.
        cuda: of every GPU's.
    """

    cpu: Tensor
    cuda: list[Tensor]


def random_state() -> RandomState:
    """Return the states as they are; later draws do not change what is returned."""
    cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_available() else []
    return {"cpu": torch.get_rng_state(), "cuda": cuda}


def set_random_state(state: RandomState) -> None:
    """Draw from here on as after ``random_state``; GPUs where there are as many as then."""
    torch.set_rng_state(state["cpu"].cpu())
    if state["cuda"] and len(state["cuda"]) == torch.cuda.device_count():
        torch.cuda.set_rng_state_all([each.cpu() for each in state["cuda"]])

"""Tensors out of what a checkpoint file holds, without the wrappers that training tools add.

Known wrappers: ``torch.compile`` (``_orig_mod.``), distributed training and
``torch.optim.swa_utils`` (``module.``), ema-pytorch (``ema_model.``) and the shadow weights of
latent-diffusion code (``model_ema.``). Averaged weights replace the raw ones beside them.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import Tensor

from syncfusion.checkpoint.keys import State
from syncfusion.errors import InputError

COMPILED, WRAPPED, SHADOW = "_orig_mod.", "module.", "model_ema."
COUNTERS = ("n_averaged", "model_ema.decay", "model_ema.num_updates")
EMA_PYTORCH = re.compile(r"^(model_ema\.)?(ema_model\.|online_model\.|initted$|step$)")
MODEL = "model."  # name of the averaged model in a LightningModule


def read_state(content: Mapping[str, Any], path: Path) -> State:
    """Return the tensors of a checkpoint by name, without wrappers.

    Args:
        content: of the file: a Lightning checkpoint, or a bare state dict.
        path: the file, for the message.

    Returns:
        The tensors; averaged ones where the file holds both.

    Raises:
        InputError: if there is no state dict.
    """
    state = content.get("state_dict", content)
    if not isinstance(state, dict) or not all(isinstance(t, Tensor) for t in state.values()):
        raise InputError(
            f"{path} is no checkpoint of a model: it has no state_dict of tensors; "
            "give a file that Lightning has written, or the state dict of a model"
        )
    state = {str(key).replace(COMPILED, ""): tensor for key, tensor in state.items()}
    return _averaged(_unwrapped(state))


def _unwrapped(state: State) -> State:
    """Strip ``module.`` where every tensor has it."""
    inner = {key: tensor for key, tensor in state.items() if key != COUNTERS[0]}
    if not inner or not all(key.startswith(WRAPPED) for key in inner):
        return state
    return {key.removeprefix(WRAPPED): tensor for key, tensor in inner.items()}


def _averaged(state: State) -> State:
    """Put averaged weights in the place of the raw ones."""
    if any(EMA_PYTORCH.match(key) and "ema_model." in key for key in state):
        return _of_ema_pytorch(state)
    shadows = {key for key in state if key.startswith(SHADOW)}
    found = {key: tensor for key, tensor in state.items() if key not in (*shadows, *COUNTERS)}
    for key in list(found):
        shadow = SHADOW + key.removeprefix(MODEL).replace(".", "")  # how that code names them
        if shadow in shadows:
            found[key] = state[shadow]
            shadows.remove(shadow)
    return found | {key: state[key] for key in shadows - {*COUNTERS}}


def _of_ema_pytorch(state: State) -> State:
    """Keep ``ema_model.`` of its two copies; inside a LightningModule it averages ``model``."""
    found = {key: tensor for key, tensor in state.items() if not EMA_PYTORCH.match(key)}
    for key, tensor in state.items():
        match = EMA_PYTORCH.match(key)
        if match and match[2] == "ema_model.":
            found[(MODEL if match[1] else "") + key[match.end() :]] = tensor
    return found

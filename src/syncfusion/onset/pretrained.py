"""Torchvision's R(2+1)D-18, trained on the actions of Kinetics-400 (Tran et al., CVPR 2018)."""

from pathlib import Path

from torch import Tensor, nn

from syncfusion.errors import InputError
from syncfusion.weights import UNPICKLING, filled, read_pickle

CLASSIFIER = "fc."  # of the 400 actions: not part of the trunk


def fill_from_kinetics(trunk: nn.Module, file: str | Path | None) -> None:
    """Fill the onset net's trunk; its parts have torchvision's names.

    Args:
        trunk: of the published sizes.
        file: torchvision's; None to let torchvision fetch it, once, into its cache
            (``TORCH_HOME``).

    Raises:
        InputError: if there is no such file, it cannot be fetched, or holds other weights.
    """
    path, state = _fetched() if file is None else (file, _read(Path(file)))
    trunk_state = {key: state[key] for key in state if not key.startswith(CLASSIFIER)}
    filled(trunk, trunk_state, path).train()


def _fetched() -> tuple[str, dict[str, Tensor]]:
    from torchvision.models.video import R2Plus1D_18_Weights

    weights = R2Plus1D_18_Weights.KINETICS400_V1
    try:
        return weights.url, weights.get_state_dict(check_hash=True, weights_only=True)
    except (OSError, *UNPICKLING) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise InputError(
            f"the Kinetics-400 weights cannot be fetched from {weights.url} ({reason}); "
            "fetch that file elsewhere and give its path as pretrained"
        ) from error


def _read(path: Path) -> dict[str, Tensor]:
    try:
        state = read_pickle(path)
    except (OSError, *UNPICKLING) as error:
        reason = "is not there" if isinstance(error, FileNotFoundError) else "cannot be read safely"
        raise InputError(
            f"{path}, to be pretrained with, {reason}; give torchvision's file of weights"
        ) from error
    if not isinstance(state, dict) or not all(isinstance(t, Tensor) for t in state.values()):
        raise InputError(f"{path} holds no weights by name; give torchvision's file of weights")
    return state

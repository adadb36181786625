"""Torchvision's weights of R(2+1)D-18, trained on Kinetics-400 (Tran et al., CVPR 2018)."""

from pathlib import Path

from torch import Tensor, nn

from syncfusion.errors import InputError
from syncfusion.weights import UNPICKLING, filled, read_pickle

CLASSIFIER = "fc."  # prefix of the layer for the 400 actions, which is not part of the trunk


def fill_from_kinetics(trunk: nn.Module, file: str | Path | None) -> None:
    """Load torchvision's weights into the onset net's trunk, whose parts have the same names.

    Args:
        trunk: a trunk of the published sizes.
        file: torchvision's file of weights; None to let torchvision download it into its cache
            (``TORCH_HOME``).

    Raises:
        InputError: if the file is missing, cannot be downloaded, or holds other weights.
    """
    path, state = _downloaded() if file is None else (file, _read(Path(file)))
    trunk_state = {key: state[key] for key in state if not key.startswith(CLASSIFIER)}
    filled(trunk, trunk_state, path).train()


def _downloaded() -> tuple[str, dict[str, Tensor]]:
    from torchvision.models.video import R2Plus1D_18_Weights

    weights = R2Plus1D_18_Weights.KINETICS400_V1
    try:
        return weights.url, weights.get_state_dict(check_hash=True, weights_only=True)
    except (OSError, *UNPICKLING) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise InputError(
            f"the Kinetics-400 weights cannot be downloaded from {weights.url} ({reason}); "
            "download that file elsewhere and give its path as pretrained"
        ) from error


def _read(path: Path) -> dict[str, Tensor]:
    try:
        state = read_pickle(path)
    except (OSError, *UNPICKLING) as error:
        reason = "is missing" if isinstance(error, FileNotFoundError) else "cannot be read safely"
        raise InputError(
            f"the file of pretrained weights {path} {reason}; give torchvision's"
        ) from error
    if not isinstance(state, dict) or not all(isinstance(t, Tensor) for t in state.values()):
        raise InputError(f"{path} is not a state dict; give torchvision's file of weights")
    return state

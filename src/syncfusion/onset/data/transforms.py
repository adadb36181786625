"""Augmentation of training examples; all frames of an example change alike."""

import math
from collections.abc import Sequence
from typing import Any

import torch
from jaxtyping import Float, UInt8
from torch import Tensor
from torchvision.transforms import v2

from syncfusion.errors import InputError
from syncfusion.onset.data.frames import CHANNELS

LUMA = (0.2989, 0.587, 0.114)  # of RGB; ITU-R BT.601, as torchvision rounds it
IN_PHASE, QUADRATURE = (0.5959, -0.2746, -0.3213), (0.2115, -0.5227, 0.3112)  # NTSC's YIQ


def transformed(
    frames: UInt8[Tensor, "frame height width 3"], transforms: Sequence[v2.Transform], *, seed: int
) -> UInt8[Tensor, "frame new_height new_width 3"]:
    """Apply transforms to all frames of an example at once.

    Args:
        frames: the example.
        transforms: torchvision transforms, in order; each takes (frame, 3, height, width).
        seed: of torch's global generator, which the transforms use; its state is restored.

    Returns:
        Frames, of another size where a transform crops or resizes.

    Raises:
        InputError: if a transform cannot be applied to these frames, or does not return uint8 RGB.
    """
    pictures = frames.permute(0, 3, 1, 2)
    try:
        with torch.random.fork_rng(devices=[]):
            torch.default_generator.manual_seed(seed)  # torch.manual_seed would seed GPUs as well
            for transform in transforms:
                pictures = transform(pictures)
    except (ValueError, TypeError, RuntimeError) as error:
        size = tuple(frames.shape[1:3])
        raise InputError(
            f"data.transforms cannot be applied to frames of {size} rows and columns: {error}; "
            "change them or data.frame_size"
        ) from error
    if pictures.dtype != torch.uint8 or pictures.shape[:2] != (len(frames), CHANNELS):
        raise InputError(
            f"data.transforms turn frames into {pictures.dtype} {tuple(pictures.shape)}; remove "
            "those that do not return uint8 RGB: the model normalises"
        )
    return pictures.permute(0, 2, 3, 1)


class ColourJitter(v2.ColorJitter):
    """Torchvision's ``ColorJitter`` several times faster: one affine map of RGB for all steps.

    The arguments are the same. So are brightness, contrast and saturation, up to rounding and
    clipping, which are done once, at the end. Hue is rotated in the YIQ plane, which keeps luma,
    rather than in HSV. The input is uint8 RGB, (…, 3, height, width).
    """

    def transform(
        self, inpt: UInt8[Tensor, "*frame 3 height width"], params: dict[str, Any]
    ) -> UInt8[Tensor, "*frame 3 height width"]:
        """Apply the drawn factors in the drawn order.

        Args:
            inpt: pictures; contrast is relative to the mean of each.
            params: result of ``make_params``.

        Returns:
            Pictures of the same shape.
        """
        planes = inpt.to(torch.float32, memory_format=torch.contiguous_format).flatten(-2)
        luma, mean = torch.tensor(LUMA), planes.mean(-1, keepdim=True)
        matrix, offset = torch.eye(3), torch.zeros_like(mean)
        for step, grey in _steps(params):
            middle = luma @ (matrix @ mean + offset)
            matrix, offset = step @ matrix, step @ offset + grey * middle[..., None]
        changed = (matrix @ planes).add_(offset + 0.5)
        return changed.clamp_(0, 255).to(torch.uint8).reshape(inpt.shape)


def _steps(params: dict[str, Any]) -> list[tuple[Float[Tensor, "3 3"], float]]:
    """Return the drawn steps in order: a map of RGB, and the weight of the mean grey to add."""
    brightness, contrast, saturation, hue = (
        params[f"{name}_factor"] for name in ("brightness", "contrast", "saturation", "hue")
    )
    steps = {}
    if brightness is not None:
        steps[0] = (brightness * torch.eye(3), 0.0)
    if contrast is not None:
        steps[1] = (contrast * torch.eye(3), 1 - contrast)
    if saturation is not None:
        grey = torch.tensor(LUMA).expand(3, 3)
        steps[2] = (saturation * torch.eye(3) + (1 - saturation) * grey, 0.0)
    if hue is not None:
        steps[3] = (_turned_hue(hue), 0.0)
    return [steps[index] for index in params["fn_idx"].tolist() if index in steps]


def _turned_hue(turns: float) -> Float[Tensor, "3 3"]:
    """Return the map of RGB that rotates the plane of I and Q by ``turns``."""
    angle = 2 * math.pi * turns
    cosine, sine = math.cos(angle), math.sin(angle)
    to_yiq = torch.tensor((LUMA, IN_PHASE, QUADRATURE))
    turn = torch.tensor(((1.0, 0.0, 0.0), (0.0, cosine, sine), (0.0, -sine, cosine)))
    return torch.linalg.solve(to_yiq, turn @ to_yiq)

"""v-diffusion on the quarter circle (Salimans & Ho 2022, appendix D).

A level in [0, 1] says how much noise a signal holds: 0 is clean, 1 is noise alone. At level t the
noisy signal is ``cos(πt/2) · clean + sin(πt/2) · noise``, and the velocity its derivative by angle.
"""

import torch
from jaxtyping import Float
from torch import Tensor


def coefficients(
    level: Float[Tensor, " batch"],
) -> tuple[Float[Tensor, "batch 1 1"], Float[Tensor, "batch 1 1"]]:
    """Return the weights of clean signal and noise, shaped to multiply a signal."""
    angle = level[:, None, None] * (torch.pi / 2)
    return angle.cos(), angle.sin()


def mix(
    clean: Float[Tensor, "batch channel frame"],
    noise: Float[Tensor, "batch channel frame"],
    level: Float[Tensor, " batch"],
) -> Float[Tensor, "batch channel frame"]:
    """Return the noisy signal."""
    alpha, sigma = coefficients(level)
    return alpha * clean + sigma * noise


def velocity(
    clean: Float[Tensor, "batch channel frame"],
    noise: Float[Tensor, "batch channel frame"],
    level: Float[Tensor, " batch"],
) -> Float[Tensor, "batch channel frame"]:
    """Return what the network is trained to predict from the noisy signal."""
    alpha, sigma = coefficients(level)
    return alpha * noise - sigma * clean


def split(
    noisy: Float[Tensor, "batch channel frame"],
    velocity: Float[Tensor, "batch channel frame"],
    level: Float[Tensor, " batch"],
) -> tuple[Float[Tensor, "batch channel frame"], Float[Tensor, "batch channel frame"]]:
    """Return the clean signal and the noise that a noisy signal and its velocity imply."""
    alpha, sigma = coefficients(level)
    return alpha * noisy - sigma * velocity, sigma * noisy + alpha * velocity

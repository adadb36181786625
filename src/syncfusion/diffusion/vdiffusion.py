"""v-diffusion on the quarter circle (Salimans & Ho 2022, appendix D).

A level in [0, 1] says how much noise a signal holds: 0 is clean, 1 is noise alone. At level t the
noisy signal is ``cos(πt/2) · clean + sin(πt/2) · noise``, and the velocity its derivative by angle.
"""

import math

import torch
from jaxtyping import Float
from torch import Tensor

Signal = Float[Tensor, "batch channel frame"]
Level = Float[Tensor, " batch"] | float  # one for each example, or one for all
Weight = Float[Tensor, "batch 1 1"] | float


def coefficients(level: Level) -> tuple[Weight, Weight]:
    """Return the weights of clean signal and noise, shaped to multiply a signal."""
    if not isinstance(level, Tensor):
        return math.cos(level * math.pi / 2), math.sin(level * math.pi / 2)
    angle = level[:, None, None] * (torch.pi / 2)
    return angle.cos(), angle.sin()


def mix(clean: Signal, noise: Signal, level: Level) -> Signal:
    """Return the noisy signal."""
    alpha, sigma = coefficients(level)
    return alpha * clean + sigma * noise


def velocity(clean: Signal, noise: Signal, level: Level) -> Signal:
    """Return what the network is trained to predict from the noisy signal."""
    alpha, sigma = coefficients(level)
    return alpha * noise - sigma * clean


def split(noisy: Signal, velocity: Signal, level: Level) -> tuple[Signal, Signal]:
    """Return the clean signal and the noise that a noisy signal and its velocity imply."""
    alpha, sigma = coefficients(level)
    return alpha * noisy - sigma * velocity, sigma * noisy + alpha * velocity

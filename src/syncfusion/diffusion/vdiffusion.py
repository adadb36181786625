"""v-diffusion on the quarter circle (Salimans & Ho 2022, appendix D).

A noise level t in [0, 1] gives the amount of noise in a signal: 0 is clean, 1 is noise alone. The
noisy signal is ``cos(πt/2) · clean + sin(πt/2) · noise``. The velocity is its derivative with
respect to the angle πt/2.
"""

import math

import torch
from jaxtyping import Float
from torch import Tensor

from syncfusion.diffusion.types import NoiseLevel, Signal

Weight = Float[Tensor, "batch 1 1"] | float


def coefficients(level: NoiseLevel | float) -> tuple[Weight, Weight]:
    """Return the weights of clean signal and noise, shaped to multiply a signal."""
    if not isinstance(level, Tensor):
        return math.cos(level * math.pi / 2), math.sin(level * math.pi / 2)
    angle = level[:, None, None] * (torch.pi / 2)
    return angle.cos(), angle.sin()


def mix(clean: Signal, noise: Signal, level: NoiseLevel | float) -> Signal:
    """Return the noisy signal at a noise level, one per example or one for all."""
    alpha, sigma = coefficients(level)
    return alpha * clean + sigma * noise


def velocity(clean: Signal, noise: Signal, level: NoiseLevel | float) -> Signal:
    """Return the velocity, the target of the network's training."""
    alpha, sigma = coefficients(level)
    return alpha * noise - sigma * clean


def split(noisy: Signal, velocity: Signal, level: NoiseLevel | float) -> tuple[Signal, Signal]:
    """Return the clean signal and the noise that a noisy signal and its velocity imply."""
    alpha, sigma = coefficients(level)
    return alpha * noisy - sigma * velocity, sigma * noisy + alpha * velocity

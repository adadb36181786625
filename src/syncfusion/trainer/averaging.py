"""Averaged weights that are of use from the first steps on."""

import torch
from pytorch_lightning.callbacks import WeightAveraging
from torch import Tensor

from syncfusion.errors import InputError


class WarmUpAveraging(WeightAveraging):
    """Exponential moving average of the weights; early ones average over fewer steps.

    After n steps the decay is ``min(decay, (1 + n) / (10 + n))``, as in TensorFlow's averages, so
    that the random start is forgotten within the first steps of a short training.

    Args:
        decay: weight of the average in every update, 0 to below 1; 0 keeps the weights themselves.
        warm_up: whether the decay rises to that value.
        device: where averages are kept; None for the device of the model.

    Raises:
        InputError: if the decay is out of its range.
    """

    def __init__(
        self, decay: float = 0.999, warm_up: bool = True, device: str | None = None
    ) -> None:
        if not 0 <= decay < 1:
            raise InputError(f"the decay of averaged weights is {decay:g}; give 0 to below 1")

        def average(averaged: Tensor, current: Tensor, n_updates: Tensor | int) -> Tensor:
            if not averaged.is_floating_point():
                return current
            n = torch.as_tensor(n_updates, dtype=torch.float32, device=averaged.device)
            kept = torch.full_like(n, decay)
            if warm_up:
                kept = torch.minimum(kept, (1 + n) / (10 + n))
            return torch.lerp(current, averaged, kept.to(averaged.dtype))

        super().__init__(device=device, use_buffers=True, avg_fn=average)

"""Batch norm over the examples of all ranks: several processes train as one."""

from collections.abc import Sequence
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, distributed, nn

Features = Float[Tensor, "batch channel *rest"]


class _AcrossRanks(nn.modules.batchnorm._BatchNorm):
    num_batches_tracked: Tensor
    running_mean: Tensor
    running_var: Tensor
    momentum: float

    def forward(self, input: Features) -> Features:
        """Normalise each channel, in training by the batch, else by the running statistics."""
        if not self.training or _n_ranks() == 1:
            return super().forward(input)
        result, mean, variance = _JointNorm.apply(input, self.weight, self.bias, self.eps)
        count = input.numel() // input.shape[1] * _n_ranks()
        with torch.no_grad():
            self.num_batches_tracked += 1
            self.running_mean.lerp_(mean, self.momentum)
            self.running_var.lerp_(variance * (count / max(count - 1, 1)), self.momentum)
        return result


class BatchNorm(_AcrossRanks, nn.BatchNorm3d):
    """Batch norm whose statistics in training are those of the batches of all ranks together.

    Names, weights and, with one rank, results are those of ``nn.BatchNorm3d``. PyTorch's own
    synchronised norm needs a GPU.
    """


class BatchNorm1d(_AcrossRanks, nn.BatchNorm1d):
    """The same of sequences."""


class BatchNorm2d(_AcrossRanks, nn.BatchNorm2d):
    """The same of pictures."""


class _JointNorm(torch.autograd.Function):
    """Batch norm by statistics of all ranks, and its gradient (Ioffe & Szegedy 2015, §3)."""

    @staticmethod
    def forward(
        ctx: Any, features: Features, weight: Tensor, bias: Tensor, eps: float
    ) -> tuple[Tensor, Tensor, Tensor]:
        single = _precise(features)
        [mean] = _rank_means([_mean(single)])
        shape = _shape(features)
        [variance] = _rank_means([_mean((single - mean.view(shape)).square())])
        inverse = (variance + eps).rsqrt()
        ctx.save_for_backward(features, weight, mean, inverse)
        ctx.mark_non_differentiable(mean, variance)
        scale = weight * inverse
        shift = bias - mean * scale
        result = torch.addcmul(shift.view(shape), single, scale.view(shape))
        return result.to(features.dtype), mean, variance

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, Tensor, Tensor, None]:
        features, weight, mean, inverse = ctx.saved_tensors
        shape, gradient = _shape(features), _precise(gradients[0])
        normed = (_precise(features) - mean.view(shape)) * inverse.view(shape)
        own = [_mean(gradient), _mean(gradient * normed)]
        joint = [each.view(shape) for each in _rank_means(own)]
        to_input = gradient - joint[0] - normed * joint[1]
        to_input = to_input * (weight * inverse).view(shape)
        count = features.numel() // features.shape[1]
        return to_input.to(features.dtype), own[1] * count, own[0] * count, None


def _precise(features: Tensor) -> Tensor:
    """Return features in single precision at least."""
    return features if features.dtype == torch.float64 else features.float()


def _mean(features: Tensor) -> Tensor:
    """Average each channel; on a CPU in double precision, as PyTorch's own norm does there."""
    double = features.device.type == "cpu"
    over = (0, *range(2, features.ndim))
    return features.mean(over, dtype=torch.float64 if double else None).to(features.dtype)


def _shape(features: Tensor) -> tuple[int, ...]:
    """Return the shape of a value per channel, beside features."""
    return (1, -1, *[1] * (features.ndim - 2))


def _rank_means(values: Sequence[Tensor]) -> Sequence[Tensor]:
    """Average tensors of one shape over the ranks, whose batches are equally large."""
    joint = torch.stack(list(values))
    distributed.all_reduce(joint)
    return (joint / _n_ranks()).unbind()


def _n_ranks() -> int:
    joined = distributed.is_available() and distributed.is_initialized()
    return distributed.get_world_size() if joined else 1

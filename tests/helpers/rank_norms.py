"""A norm in training, in this process or as one of two ranks."""

import torch
from torch import distributed

from syncfusion.onset.norm import BatchNorm
from syncfusion.timing import seeded

FEATURES = 3 + 2 * torch.randn(4, 3, 2, 5, 5, generator=seeded(0))
WEIGHTS = torch.randn(4, 3, 2, 5, 5, generator=seeded(1))  # of the outputs, in a loss


def normed(norm, features, weights):
    """The output, and the gradients of a loss by the input, the weight and the bias."""
    features = features.clone().requires_grad_()
    output = norm(features)
    output.mul(weights).sum().backward()
    return [output.detach(), features.grad, norm.weight.grad, norm.bias.grad]


def normed_on_rank(rank, store, results):
    """Norm half of the batch as one of two processes, and write what comes out."""
    distributed.init_process_group("gloo", init_method=f"file://{store}", rank=rank, world_size=2)
    norm, own = BatchNorm(3), slice(2 * rank, 2 * rank + 2)
    found = normed(norm, FEATURES[own], WEIGHTS[own])
    torch.save([found, norm.state_dict()], f"{results}-{rank}")
    distributed.destroy_process_group()

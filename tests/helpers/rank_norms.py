"""A norm in training, in this process or as one of two ranks."""

import torch
from torch import distributed
from torch.nn.parallel import DistributedDataParallel

from syncfusion.onset.loss import balanced_weight, onset_loss
from syncfusion.onset.net import OnsetNetConfig, VideoOnsetNet
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


def trained(own, wrap=lambda net: net):
    """The losses of a tiny net's first steps on a part of each batch, in double precision."""
    torch.manual_seed(0)
    net = VideoOnsetNet(OnsetNetConfig(width=2, hidden=4)).double().train()
    net, optimizer = wrap(net), torch.optim.AdamW(net.parameters(), lr=1e-2)
    losses = []
    for step in range(4):
        frames = torch.randn(4, 3, 6, 16, 16, generator=seeded(step), dtype=torch.float64)
        labels = (torch.rand(4, 6, generator=seeded(step)) < 0.2).float()
        weight = balanced_weight(labels)
        loss = onset_loss(net(frames[own]), labels[own], positive_weight=weight)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    return torch.stack(losses)


def normed_on_rank(rank, store, results):
    """Norm half of the batch as one of two processes, and write what comes out."""
    distributed.init_process_group("gloo", init_method=f"file://{store}", rank=rank, world_size=2)
    norm, own = BatchNorm(3), slice(2 * rank, 2 * rank + 2)
    found = normed(norm, FEATURES[own], WEIGHTS[own])
    torch.save(
        [found, norm.state_dict(), trained(own, DistributedDataParallel)], f"{results}-{rank}"
    )
    distributed.destroy_process_group()

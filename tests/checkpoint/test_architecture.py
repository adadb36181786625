"""Nets built by a file's settings: what is drawn for them, and what is not."""

import torch
from torch import nn

from syncfusion.checkpoint.architecture import built


def test_weights_that_are_replaced_are_not_drawn_before():
    state = {"weight": torch.ones(4, 3), "bias": torch.zeros(4)}
    before = torch.get_rng_state()
    net = built(lambda: nn.Linear(3, 4), state, "folder", "file")
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(net.weight, state["weight"])

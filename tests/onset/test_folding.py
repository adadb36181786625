import pytest
import torch
from torch import nn

from syncfusion.onset.folding import folded
from syncfusion.onset.net import OnsetNetConfig, VideoOnsetNet
from syncfusion.timing import seeded

FRAMES = torch.randn(2, 3, 5, 32, 24, generator=seeded(0))


@pytest.fixture(
    params=[
        OnsetNetConfig(width=4, hidden=8),
        OnsetNetConfig(width=4, hidden=8, head="temporal", difference=True),
    ],
    ids=["published head", "temporal head"],
)
def net(request) -> VideoOnsetNet:
    """A net whose norms have seen data and whose scales and shifts are not the identity."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        net = VideoOnsetNet(request.param)
        for part in net.modules():
            if isinstance(part, nn.BatchNorm3d):
                nn.init.normal_(part.weight, 1.0, 0.1)
                nn.init.normal_(part.bias, 0.0, 0.1)
    net(FRAMES)
    return net.eval()


@torch.no_grad()
def test_a_folded_net_has_the_same_output(net):
    torch.testing.assert_close(folded(net)(FRAMES), net(FRAMES), rtol=0, atol=1e-4)


def test_a_folded_net_has_no_norms_left(net):
    assert not [part for part in folded(net).modules() if isinstance(part, nn.BatchNorm3d)]


def test_a_folded_net_is_not_folded_again(net):
    once = folded(net)
    assert folded(once) is once


@torch.no_grad()
def test_a_folded_net_may_still_change_its_precision(net):
    found, expected = (folded(start, torch.bfloat16)(FRAMES) for start in (folded(net), net))
    torch.testing.assert_close(found, expected, rtol=0, atol=0)


@torch.no_grad()
def test_a_trunk_in_bfloat16_still_has_a_head_in_float32(net):
    half = folded(net, torch.bfloat16)
    assert (half.dtype, half(FRAMES).dtype) == (torch.bfloat16, torch.float32)


def test_the_net_that_was_folded_keeps_its_tensors(net):
    keys = set(net.state_dict())
    folded(net, torch.bfloat16)
    assert set(net.state_dict()) == keys
    assert net.dtype == torch.float32

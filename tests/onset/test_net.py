import json

import pytest
import torch
from torch import nn
from torchvision.models.video import r2plus1d_18

from helpers.places import ONSET_CONTRACT
from syncfusion.onset.blocks import TimeConv
from syncfusion.onset.net import OnsetNetConfig, VideoOnsetNet
from syncfusion.timing import seeded

PUBLISHED = json.loads(ONSET_CONTRACT.read_text())
SMALL = OnsetNetConfig(width=2, hidden=4)
COMPACT = OnsetNetConfig(width=2, hidden=4, head="temporal", difference=True)


@pytest.fixture(scope="module")
def published() -> VideoOnsetNet:
    return VideoOnsetNet()


def test_the_default_net_has_the_keys_and_shapes_of_the_published_checkpoint(published):
    shapes = {key: list(value.shape) for key, value in published.state_dict().items()}
    assert shapes == PUBLISHED


def test_the_default_net_has_31_million_parameters(published):
    count = sum(parameter.numel() for parameter in published.parameters())
    assert count == pytest.approx(31.4e6, rel=0.01)


@pytest.mark.parametrize("config", [SMALL, COMPACT])
@pytest.mark.parametrize("n_frames", [1, 2, 7])
def test_every_frame_gets_one_logit(config, n_frames):
    net = VideoOnsetNet(config)
    assert net(torch.randn(2, 3, n_frames, 16, 20)).shape == (2, n_frames)


def test_a_still_picture_shows_no_difference():
    net = VideoOnsetNet(COMPACT).eval()
    net.net.model.stem[0].weight.data[:, :3] = 0  # blind to all but differences
    picture = torch.randn(1, 3, 1, 16, 16, generator=seeded(0))
    logits = net(picture.expand(-1, -1, 6, -1, -1))
    black = net(torch.zeros(1, 3, 6, 16, 16))
    torch.testing.assert_close(logits, black)


def test_a_change_between_frames_reaches_the_net_as_a_difference():
    torch.manual_seed(0)
    net = VideoOnsetNet(OnsetNetConfig(width=8, head="temporal", difference=True)).eval()
    net.net.model.stem[0].weight.data[:, :3] = 0
    frames = torch.zeros(1, 3, 6, 16, 16)
    frames[:, :, 3:] = 1
    assert not torch.allclose(net(frames), net(torch.zeros_like(frames)))


def test_middle_channels_are_rounded_down_to_a_multiple():
    layer = VideoOnsetNet(OnsetNetConfig(width=16, hidden=4, round_to=16)).net.model.layer1
    assert layer[0].conv1[0][0].out_channels == 32


def test_every_parameter_gets_a_finite_gradient():
    net = VideoOnsetNet(COMPACT)
    net(torch.randn(2, 3, 4, 16, 16, generator=seeded(0))).square().sum().backward()
    for name, parameter in net.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.isfinite().all(), name


def test_a_width_too_small_for_a_stem_is_refused():
    with pytest.raises(ValueError, match="width 1"):
        OnsetNetConfig(width=1)


@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last_3d])
def test_a_convolution_over_time_is_the_same_in_two_dimensions_as_in_three(layout):
    generator = seeded(0)
    features = torch.randn(2, 4, 5, 6, 7, generator=generator).contiguous(memory_format=layout)
    conv = TimeConv(4, 3)
    torch.testing.assert_close(conv(features), nn.Conv3d.forward(conv, features))


def keep_time(net: nn.Module) -> nn.Module:
    """Take the three strides in time out of torchvision's net."""
    for part in net.modules():
        if isinstance(part, nn.Conv3d) and part.stride[0] > 1:
            part.stride = (1, *part.stride[1:])
    return net


@torch.no_grad()
def test_the_trunk_computes_what_torchvisions_does_without_strides_in_time(published):
    reference = keep_time(r2plus1d_18())
    reference.avgpool, reference.fc = nn.AdaptiveAvgPool3d((None, 1, 1)), nn.Identity()
    reference.load_state_dict(published.net.model.state_dict())
    frames = torch.randn(1, 3, 4, 32, 32, generator=seeded(0))
    features = reference.eval()(frames).unflatten(1, (-1, 4)).transpose(1, 2)
    torch.testing.assert_close(published.eval()(frames), published.fc(features).squeeze(2))

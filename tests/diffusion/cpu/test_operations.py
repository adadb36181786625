import pytest
import torch
from torch.nn import functional

from helpers.diffusion_models import randomise
from syncfusion.diffusion.cpu.operations import (
    attention,
    channels_last,
    convolved,
    in_precision,
    make_channels_last,
    mix_channels,
    normalised,
    upsampled,
)
from syncfusion.timing import seeded

FORMATS = {"channels first": lambda signal: signal, "channels last": channels_last}


def draw(*shape: int, seed: int = 0, dtype=torch.float64) -> torch.Tensor:
    return torch.randn(shape, generator=seeded(seed), dtype=dtype)


@pytest.fixture(params=FORMATS.values(), ids=FORMATS)
def signal(request) -> torch.Tensor:
    return request.param(draw(2, 6, 12))


def test_channels_last_changes_the_memory_format_alone():
    signal = draw(2, 6, 12)
    found = channels_last(signal)
    assert torch.equal(found, signal)
    assert found.stride() == (72, 1, 6)


KERNELS = [(3, 1, 1), (4, 4, 0), (1, 1, 0)]  # size, stride, padding


@pytest.mark.parametrize("kernel", KERNELS)
def test_convolved_is_the_convolution(signal, kernel):
    conv = torch.nn.Conv1d(6, 5, *kernel).double()
    torch.testing.assert_close(convolved(signal, conv), conv(signal))


@pytest.mark.parametrize("kernel", KERNELS)
def test_convolved_leaves_channels_channels_last(kernel):
    conv = torch.nn.Conv1d(6, 5, *kernel)
    make_channels_last(conv)
    found = convolved(channels_last(draw(2, 6, 12, dtype=torch.float32)), conv)
    assert found.stride()[1:] == (1, 5)


def test_making_weights_channels_last_changes_their_memory_format_alone():
    conv = torch.nn.Conv1d(6, 5, 3)
    before = conv.weight.detach().clone()
    make_channels_last(conv)
    assert torch.equal(conv.weight, before)
    assert conv.weight.stride() == (18, 1, 6)


@pytest.mark.parametrize("n_frames", [12, 2**17])
def test_normalised_is_the_norm_to_float32_also_of_long_signals(n_frames):
    norm = torch.nn.GroupNorm(2, 4)
    randomise(norm)
    signal = channels_last(0.1 + draw(1, 4, n_frames, dtype=torch.float32))
    found = normalised(signal, norm)
    expected = norm.double()(signal.double())
    assert found.stride()[1:] == (1, 4)
    assert (found - expected).norm() < 1e-6 * expected.norm()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_mixing_channels_is_a_product_with_every_frame(signal, dtype):
    weight = draw(5, 6, seed=1)
    found = mix_channels(signal.to(dtype), weight.to(dtype))
    expected = torch.einsum("oc,bct->bot", weight, signal)
    torch.testing.assert_close(found.double(), expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    ("factor", "n_frames", "bias"),
    [(f, n, (i + f) % 2 == 0) for f in (1, 2, 3, 4) for i, n in enumerate((1, 2, 12))],
)
def test_upsampling_is_to_repeat_then_convolve(factor, n_frames, bias):
    signal = draw(2, 6, n_frames)
    conv = torch.nn.Conv1d(6, 5, 3, padding=1, bias=bias).double()
    expected = conv(signal.repeat_interleave(factor, dim=2))
    torch.testing.assert_close(upsampled(signal, conv, factor), expected)


def test_attention_in_bfloat16_without_gradients_is_that_with():
    query, key, value = draw(3, 2, 4, 9, 8, dtype=torch.float32).bfloat16()
    with torch.no_grad():
        found = attention(query, key[..., :5, :], value[..., :5, :])
    expected = functional.scaled_dot_product_attention(
        query.float(), key[..., :5, :].float(), value[..., :5, :].float()
    )
    torch.testing.assert_close(found.float(), expected, rtol=0.05, atol=0.02)


@pytest.fixture
def net() -> torch.nn.Sequential:
    net = torch.nn.Sequential(torch.nn.Conv1d(3, 4, 3), torch.nn.GroupNorm(2, 4))
    randomise(net)
    return net


def test_in_another_precision_the_products_weights_are_converted_and_the_rest_is_shared(net):
    converted = in_precision(net, torch.bfloat16)
    torch.testing.assert_close(converted[0].weight, net[0].weight.bfloat16(), rtol=0, atol=0)
    assert converted[1].weight is net[1].weight
    assert net[0].weight.dtype == torch.float32


def test_in_another_precision_a_net_computes_what_autocast_does(net):
    signal = draw(2, 3, 9, dtype=torch.float32)
    converted = in_precision(net, torch.bfloat16)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        torch.testing.assert_close(converted(signal), net(signal), rtol=0, atol=0)


def test_a_layer_used_twice_stays_one_in_another_precision(net):
    twice = torch.nn.ModuleList([net[0], net[0]])
    converted = in_precision(twice, torch.bfloat16)
    assert converted[0].weight is converted[1].weight

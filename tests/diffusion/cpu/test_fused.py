import pytest
import torch
from torch.nn import functional

from helpers.diffusion_models import randomise
from syncfusion.diffusion.cpu import fused as module
from syncfusion.diffusion.cpu.operations import (
    LONG,
    channels_last,
    make_channels_last,
    normed_convolution,
)
from syncfusion.timing import seeded

Layers = tuple[torch.nn.GroupNorm, torch.nn.Conv1d]


def draw(*shape: int, seed: int = 0, dtype=torch.float64) -> torch.Tensor:
    return torch.randn(shape, generator=seeded(seed), dtype=dtype)


@pytest.fixture
def layers() -> Layers:
    norm, conv = torch.nn.GroupNorm(2, 6), torch.nn.Conv1d(6, 5, 3, padding=1)
    for layer in (norm, conv):
        randomise(layer)
        make_channels_last(layer.double())
    return norm, conv


def with_gradients(answer: torch.Tensor, *inputs: torch.Tensor) -> list[torch.Tensor]:
    weights = draw(*answer.shape, seed=2).to(answer.dtype)
    return [answer, *torch.autograd.grad((answer * weights).sum(), inputs)]


@pytest.mark.parametrize(
    ("n_frames", "wide", "memory_format"),  # wide: channels from which it is three products
    [
        (n_frames, wide, (channels_last, torch.clone)[(i + j) % 2])
        for i, n_frames in enumerate((1, 2, 12, 300))
        for j, wide in enumerate((1, 512))
    ],
)
def test_it_is_norm_silu_and_convolution_and_so_are_its_gradients(
    layers, monkeypatch, n_frames, wide, memory_format
):
    monkeypatch.setattr(module, "WIDE", wide)
    norm, conv = layers
    signal = memory_format(0.1 + draw(3, 6, n_frames)).requires_grad_()
    inputs = (signal, *norm.parameters(), *conv.parameters())
    found = with_gradients(normed_convolution(signal, norm, conv), *inputs)
    expected = with_gradients(conv(functional.silu(norm(signal))), *inputs)
    torch.testing.assert_close(found, expected)


def test_the_weights_gradient_has_the_weights_memory_format(layers):
    norm, conv = layers
    normed_convolution(channels_last(draw(1, 6, 12)), norm, conv).sum().backward()
    assert conv.weight.grad.stride() == conv.weight.stride() == (18, 1, 6)


def test_the_result_is_channels_last(layers):
    found = normed_convolution(channels_last(draw(2, 6, 12)), *layers)
    assert found.stride()[1:] == (1, 5)


@torch.no_grad()
def test_without_gradients_it_is_the_same(layers):
    signal = draw(3, 6, 12)
    expected = layers[1](functional.silu(layers[0](signal)))
    torch.testing.assert_close(normed_convolution(channels_last(signal), *layers), expected)


@pytest.mark.parametrize("trained", [False, True])
def test_of_long_signals_it_keeps_the_digits_of_float32(layers, trained):
    norm, conv = layers
    signal = channels_last(0.1 + draw(1, 6, 2**17))
    with torch.set_grad_enabled(trained):
        expected = normed_convolution(signal, norm, conv)
        found = normed_convolution(signal.float(), norm.float(), conv.float())
    assert (found - expected).norm() < 5e-7 * expected.norm()


@pytest.mark.parametrize(("n_channels", "n_frames"), [(8, LONG + 4), (1024, 40)])
def test_under_autocast_it_is_the_same_to_the_precision_of_bfloat16(n_channels, n_frames):
    norm = torch.nn.GroupNorm(8, n_channels)
    conv = torch.nn.Conv1d(n_channels, n_channels, 3, padding=1)
    for layer in (norm, conv):
        randomise(layer)
        make_channels_last(layer)
    signal = channels_last(3 + draw(2, n_channels, n_frames, dtype=torch.float32)).requires_grad_()
    inputs = (signal, *norm.parameters(), *conv.parameters())
    with torch.autocast("cpu", torch.bfloat16):
        found = with_gradients(normed_convolution(signal, norm, conv), *inputs)
    assert found[0].dtype == torch.bfloat16
    assert [one.dtype for one in found[1:]] == [torch.float32] * 5
    expected = with_gradients(conv(functional.silu(norm(signal))), *inputs)
    for one, other in zip(found, expected, strict=True):
        assert (one - other).norm() < 0.03 * other.norm()


def test_under_autocast_it_keeps_no_signal_but_its_input_and_no_copy_of_its_weights():
    norm, conv = torch.nn.GroupNorm(8, 1024), torch.nn.Conv1d(1024, 1024, 3, padding=1)
    kept = []
    signal = channels_last(draw(1, 1024, 40, dtype=torch.bfloat16)).requires_grad_()
    hooks = torch.autograd.graph.saved_tensors_hooks(lambda t: kept.append(t) or t, lambda t: t)
    with torch.autocast("cpu", torch.bfloat16), hooks:
        normed_convolution(signal, norm, conv)
    large = [tensor for tensor in kept if tensor.numel() > 10_000]
    assert [(tensor.shape, tensor.dtype) for tensor in large] == [
        ((1, 40, 1024), torch.bfloat16),
        ((1024, 1024, 3), torch.float32),
    ]


def test_for_the_gradient_it_keeps_no_signal_but_its_input(layers):
    kept = []
    signal = channels_last(draw(1, 6, 400)).requires_grad_()
    with torch.autograd.graph.saved_tensors_hooks(lambda t: kept.append(t) or t, lambda t: t):
        normed_convolution(signal, *layers)
    assert [tensor.shape for tensor in kept if tensor.numel() > 1000] == [(1, 400, 6)]

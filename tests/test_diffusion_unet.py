from dataclasses import replace

import pytest
import torch

from diffusion_models import ENCODER, UNET, randomise
from syncfusion.diffusion.onset_encoder import OnsetEncoder
from syncfusion.diffusion.unet import UNet, UNetConfig
from syncfusion.timing import seeded

SIGNAL = torch.randn(2, 1, 64, generator=seeded(0))
LEVEL = torch.tensor([0.2, 0.9])
PROMPT = torch.randn(2, 1, 8, generator=seeded(1))
ONSETS = torch.zeros(2, 1, 64).index_fill(2, torch.tensor([20]), 1.0)


@pytest.fixture(scope="module", params=[False, True], ids=["published", "modulated"])
def net(request) -> UNet:
    net = UNet(replace(UNET, modulate_prompt=request.param)).eval()
    randomise(net)
    return net


@pytest.fixture(scope="module")
def onsets() -> list[torch.Tensor]:
    encoder = OnsetEncoder(ENCODER)
    randomise(encoder)
    with torch.no_grad():
        return encoder(ONSETS)


@torch.no_grad()
def predict(net, onsets, prompt=PROMPT, level=LEVEL, signal=SIGNAL):
    return net(signal, level, net.prepare(onsets, prompt))


def test_the_velocity_has_the_shape_of_the_signal(net, onsets):
    assert predict(net, onsets).shape == SIGNAL.shape


@pytest.mark.parametrize("changed", ["prompt", "level", "signal"])
def test_what_the_net_is_told_changes_its_answer(net, onsets, changed):
    other = {"prompt": -PROMPT, "level": 1 - LEVEL, "signal": -SIGNAL}[changed]
    change = predict(net, onsets) - predict(net, onsets, **{changed: other})
    assert change.abs().amax(dim=(1, 2)).min() > 1e-3


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_the_onset_features_of_every_level_change_the_answer(net, onsets, depth):
    moved = [features + (place == depth) for place, features in enumerate(onsets)]
    assert (predict(net, onsets) - predict(net, moved)).abs().max() > 1e-4


def test_examples_of_a_batch_do_not_see_each_other(net, onsets):
    alone = predict(net, [part[:1] for part in onsets], PROMPT[:1], LEVEL[:1], SIGNAL[:1])
    torch.testing.assert_close(predict(net, onsets)[:1], alone, rtol=1e-4, atol=1e-5)


def test_several_equal_prompt_tokens_say_what_one_says(net, onsets):
    several = predict(net, onsets, PROMPT.expand(-1, 3, -1))
    torch.testing.assert_close(several, predict(net, onsets), rtol=1e-4, atol=1e-5)


def test_the_null_prompt_is_one_token_for_every_example(net):
    assert net.null(3).shape == (3, 1, 8)


def test_the_factor_is_that_of_all_levels():
    assert (UNET.factor, UNetConfig().factor) == (16, 1024)


def test_an_entry_too_few_is_an_error_that_names_it():
    with pytest.raises(ValueError, match="2 factors for 3 levels"):
        replace(UNET, factors=(1, 4))


def test_lists_from_yaml_make_the_same_configuration():
    assert replace(UNET, channels=[8, 16, 16], items=[1, 2, 1]) == UNET

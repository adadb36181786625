from dataclasses import replace

import pytest
import torch

from helpers.diffusion_models import ENCODER, UNET, randomise, seeded_weights
from syncfusion.diffusion.config import UNetConfig
from syncfusion.diffusion.onset_encoder import OnsetEncoder
from syncfusion.diffusion.unet import Conditions, UNet
from syncfusion.diffusion.vdiffusion import split
from syncfusion.timing import seeded

SIGNAL = torch.randn(2, 1, 64, generator=seeded(0))
LEVEL = torch.tensor([0.2, 0.9])
PROMPT = torch.randn(2, 1, 8, generator=seeded(1))
ONSETS = torch.zeros(2, 1, 64).index_fill(2, torch.tensor([20]), 1.0)


published = pytest.mark.parametrize("net", [False], ids=["published"], indirect=True)


@pytest.fixture(scope="module", params=[False, True], ids=["published", "modulated"])
def net(request) -> UNet:
    """A net without and one with the prompt in the AdaLN; ``published`` is the former alone."""
    with seeded_weights():
        net = UNet(replace(UNET, modulate_prompt=request.param)).eval()
    randomise(net)
    return net


@pytest.fixture(scope="module")
def onsets() -> list[torch.Tensor]:
    with seeded_weights():
        encoder = OnsetEncoder(ENCODER)
    randomise(encoder)
    with torch.no_grad():
        return encoder(ONSETS)


@torch.no_grad()
def predict(net, onsets, prompt=PROMPT, level=LEVEL, signal=SIGNAL):
    return net(signal, level, net.prepare(onsets, prompt))


@published
def test_the_velocity_has_the_shape_of_the_signal(net, onsets):
    assert predict(net, onsets).shape == SIGNAL.shape


@pytest.mark.parametrize("changed", ["prompt", "level", "signal"])
def test_every_input_changes_the_velocity(net, onsets, changed):
    other = {"prompt": -PROMPT, "level": 1 - LEVEL, "signal": -SIGNAL}[changed]
    change = predict(net, onsets) - predict(net, onsets, **{changed: other})
    assert change.abs().amax(dim=(1, 2)).min() > 1e-3


@published
@pytest.mark.parametrize("depth", [0, 1, 2])
def test_the_onset_features_of_every_stage_change_the_velocity(net, onsets, depth):
    moved = [features + (place == depth) for place, features in enumerate(onsets)]
    assert (predict(net, onsets) - predict(net, moved)).abs().max() > 1e-4


def test_examples_of_a_batch_do_not_see_each_other(net, onsets):
    alone = predict(net, [part[:1] for part in onsets], PROMPT[:1], LEVEL[:1], SIGNAL[:1])
    torch.testing.assert_close(predict(net, onsets)[:1], alone, rtol=1e-4, atol=1e-5)


def test_several_equal_prompt_tokens_act_as_one(net, onsets):
    several = predict(net, onsets, PROMPT.expand(-1, 3, -1))
    torch.testing.assert_close(several, predict(net, onsets), rtol=1e-4, atol=1e-5)


@published
def test_the_null_prompt_is_one_token_for_every_example(net):
    assert net.null(3).shape == (3, 1, 8)


def test_the_factor_is_that_of_all_stages():
    assert (UNET.factor, UNetConfig().factor) == (16, 1024)


def test_an_entry_too_few_is_an_error_that_names_it():
    with pytest.raises(ValueError, match="2 factors for 3 stages"):
        replace(UNET, factors=(1, 4))


def test_lists_from_yaml_make_the_same_configuration():
    assert replace(UNET, channels=[8, 16, 16], items=[1, 2, 1]) == UNET


def test_a_new_local_gain_changes_nothing_until_it_is_trained(onsets):
    plain, gained = UNet(UNET).eval(), UNet(replace(UNET, local_gain=True)).eval()
    missing, unexpected = gained.load_state_dict(plain.state_dict(), strict=False)
    assert (missing, unexpected) == (["outer.gain.weight", "outer.gain.bias"], [])
    assert torch.equal(predict(plain, onsets), predict(gained, onsets))


@torch.no_grad()
def test_a_local_gain_can_remove_a_signal_that_is_all_noise(onsets):
    net = UNet(replace(UNET, local_gain=True)).eval()
    net.outer.gate.weight.zero_()
    net.outer.gate.bias.zero_()
    level = torch.tensor([0.3, 0.3])
    cotangent = 1 / torch.tan(torch.tensor(0.3) * torch.pi / 2)
    net.outer.gain.bias.fill_(1 - 1 / cotangent)
    noise = SIGNAL * torch.sin(torch.tensor(0.3) * torch.pi / 2)
    clean, _ = split(noise, predict(net, onsets, level=level, signal=noise), level)
    assert clean.abs().max() < 1e-5


def test_a_local_gain_reaches_no_further_at_noise_alone_than_just_before(onsets):
    net = UNet(replace(UNET, local_gain=True)).eval()
    randomise(net)
    nearly, alone = (predict(net, onsets, level=torch.full((2,), at)) for at in (1 - 1e-6, 1.0))
    torch.testing.assert_close(alone, nearly, rtol=1e-3, atol=1e-3)


def test_what_is_prepared_for_onsets_holds_for_any_prompt(net, onsets):
    prepared = net.prepare_onsets(onsets)
    for prompt in (PROMPT, -PROMPT):
        conditions = Conditions(prepared, net.prepare_prompt(prompt))
        with torch.no_grad():
            found = net(SIGNAL, LEVEL, conditions)
        assert torch.equal(found, predict(net, onsets, prompt))


def saved_bytes(net, onsets) -> int:
    sizes = {}

    def keep(tensor):
        sizes[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        net(SIGNAL, LEVEL, net.prepare(onsets, PROMPT)).square().mean().backward()
    return sum(sizes.values())


@published
def test_activation_checkpointing_saves_memory_stage_by_stage(net, onsets):
    sizes = []
    for n_stages in range(len(UNET.channels) + 1):
        net.checkpoint_activations(n_stages)
        sizes.append(saved_bytes(net, onsets))
    net.checkpoint_activations(0)
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[1] < 0.9 * sizes[0]

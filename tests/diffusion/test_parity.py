"""Ours against audio-diffusion-pytorch and audio-encoders-pytorch, with the same weights."""

import pytest
import torch
from torch.nn import functional

from helpers import diffusion_models
from helpers.diffusion_models import ENCODER, UNET, WAVEFORM, draw_batch, randomise, seeded_weights
from syncfusion.checkpoint.keys import diffusion_from_published
from syncfusion.diffusion.model import DiffusionModel
from syncfusion.timing import seeded

pytestmark = pytest.mark.parity
TOKENS = 3
BATCH = draw_batch()
NOISE = torch.randn(2, 1, 2**10, generator=seeded(3))
LEVEL = torch.tensor([0.25, 0.9])
PROMPTS = {n: torch.randn(2, n, UNET.prompt_features, generator=seeded(n)) for n in (1, TOKENS)}


@pytest.fixture(scope="module")
def published_net():
    with seeded_weights():
        net = diffusion_models.published_net(UNET, tokens=TOKENS)
    randomise(net.net)
    return net.eval()


@pytest.fixture(scope="module")
def published_encoder():
    with seeded_weights():
        encoder = diffusion_models.published_encoder(ENCODER)
    randomise(encoder, seed=1)
    return encoder.eval()


@pytest.fixture(scope="module")
def features(published_encoder):
    with torch.no_grad():
        _, info = published_encoder(BATCH.impulses, with_info=True)
    return info["xs"][2:-1]


NULL_PROMPT = "model.net.blocks.2.blocks.0.blocks.0.weight"


@pytest.fixture(scope="module")
def published(published_net, published_encoder) -> dict[str, torch.nn.Parameter]:
    """The parameters, under the names of the published Lightning module."""
    parts = {"model.net": published_net.net, "onsets_encoder": published_encoder}
    return {
        f"{at}.{key}": p
        for at, part in parts.items()
        for key, p in part.named_parameters(remove_duplicate=False)
    }


def renamed(tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    first_null = tensors[NULL_PROMPT][:1]  # as there is one for every token, and ours is one
    return diffusion_from_published(tensors | {NULL_PROMPT: first_null}, UNET)


@pytest.fixture(scope="module")
def ours(published) -> DiffusionModel:
    model = DiffusionModel(WAVEFORM).eval()
    model.load_state_dict(renamed({**published, "clap.junk": torch.zeros(3)}))
    return model


def assert_same(found, expected):
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-5)


@torch.no_grad()
def test_the_onset_features_are_the_published_ones(ours, features):
    assert_same(ours.encode_onsets(BATCH.impulses), features)


@torch.no_grad()
@pytest.mark.parametrize("guidance", [1.0, 7.0])
def test_the_velocity_is_the_published_one(ours, published_net, features, guidance):
    prompt = PROMPTS[1]
    found = ours.velocity(NOISE, LEVEL, features=features, embedding=prompt, guidance=guidance)
    expected = published_net.net(
        NOISE, LEVEL, embedding=prompt, embedding_scale=guidance, channels=features
    )
    assert_same(found, expected)


@torch.no_grad()
def test_the_velocity_under_several_prompt_tokens_is_the_published_one(
    ours, published_net, features
):
    found = ours.velocity(NOISE, LEVEL, features=features, embedding=PROMPTS[TOKENS])
    expected = published_net.net(NOISE, LEVEL, embedding=PROMPTS[TOKENS], channels=features)
    assert_same(found, expected)


@torch.no_grad()
def test_a_ddim_sample_is_the_published_one(ours, published_net, features):
    steps, guidance = 4, 3.0
    found = ours.sample(
        NOISE, features=features, embedding=PROMPTS[1], steps=steps, guidance=guidance
    )
    expected = published_net.sample(
        NOISE,
        num_steps=steps,
        embedding=PROMPTS[1],
        embedding_scale=guidance,
        channels=features,
    )
    assert expected.std() > 0.05
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-4)


def loss(predicted):
    return functional.mse_loss(predicted, BATCH.waveform.double())


def gradient(parameter):
    return torch.zeros_like(parameter) if parameter.grad is None else parameter.grad


@pytest.fixture
def in_double(ours, published_net, published_encoder):
    modules = (ours, published_net, published_encoder)
    for module in modules:
        module.double().zero_grad()
    yield
    for module in modules:
        module.float().zero_grad()


@pytest.mark.usefixtures("in_double")
@pytest.mark.parametrize(("n_tokens", "n_checkpointed"), [(1, 0), (TOKENS, len(UNET.channels))])
def test_every_parameter_gets_the_published_gradient(
    ours, published, published_net, published_encoder, n_tokens, n_checkpointed
):
    noisy, level, impulses, prompt = (
        tensor.double() for tensor in (NOISE, LEVEL, BATCH.impulses, PROMPTS[n_tokens])
    )
    ours.requires_grad_(True)  # the queries too, which prompts of one token do not need
    ours.unet.checkpoint_activations(n_checkpointed)
    loss(ours.predict(noisy, level, impulses, prompt)).backward()
    _, info = published_encoder(impulses, with_info=True)
    channels = info["xs"][2:-1]
    loss(published_net.net(noisy, level, embedding=prompt, channels=channels)).backward()
    expected = renamed({name: gradient(parameter) for name, parameter in published.items()})
    found = {
        name: gradient(parameter)
        for name, parameter in ours.named_parameters(remove_duplicate=False)
    }
    torch.testing.assert_close(found, expected, rtol=1e-6, atol=1e-12)

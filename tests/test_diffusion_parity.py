"""Ours against audio-diffusion-pytorch and audio-encoders-pytorch, with the same weights."""

import pytest
import torch

from diffusion_models import ENCODER, UNET, WAVEFORM, draw_batch, randomise
from syncfusion.checkpoint import diffusion_from_published
from syncfusion.diffusion.model import DiffusionModel
from syncfusion.timing import seeded

pytestmark = pytest.mark.parity
BATCH = draw_batch()
NOISE = torch.randn(2, 1, 2**10, generator=seeded(3))
LEVEL = torch.tensor([0.25, 0.9])


@pytest.fixture(scope="module")
def published_net():
    package = pytest.importorskip("audio_diffusion_pytorch")
    net = package.DiffusionModel(
        net_t=package.UNetV0,
        in_channels=1,
        channels=UNET.channels,
        factors=UNET.factors,
        items=UNET.items,
        attentions=UNET.attentions,
        cross_attentions=[1] * len(UNET.channels),
        context_channels=UNET.context_channels,
        attention_heads=UNET.heads,
        attention_features=UNET.head_features,
        embedding_features=UNET.prompt_features,
        embedding_max_length=1,
        modulation_features=UNET.level_features,
        resnet_groups=UNET.groups,
        use_embedding_cfg=True,
        diffusion_t=package.VDiffusion,
        sampler_t=package.VSampler,
    )
    randomise(net.net)
    return net.eval()


@pytest.fixture(scope="module")
def published_encoder():
    package = pytest.importorskip("audio_encoders_pytorch")
    encoder = package.Encoder1d(
        in_channels=1,
        channels=2,
        multipliers=[1, 1, 2, 2],
        factors=list(ENCODER.factors),
        num_blocks=[ENCODER.blocks] * len(ENCODER.factors),
        resnet_groups=ENCODER.groups,
    )
    randomise(encoder, seed=1)
    return encoder.eval()


@pytest.fixture(scope="module")
def features(published_encoder):
    with torch.no_grad():
        _, info = published_encoder(BATCH.impulses, with_info=True)
    return info["xs"][2:-1]


@pytest.fixture(scope="module")
def ours(published_net, published_encoder) -> DiffusionModel:
    """Our model, filled with what the published Lightning module would save."""
    state = {f"model.{key}": tensor for key, tensor in published_net.state_dict().items()}
    encoder = published_encoder.state_dict()
    state |= {f"onsets_encoder.{key}": tensor for key, tensor in encoder.items()}
    state["clap.junk"] = torch.zeros(3)
    model = DiffusionModel(WAVEFORM).eval()
    model.load_state_dict(diffusion_from_published(state, UNET))
    return model


def assert_same(found, expected):
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-5)


@torch.no_grad()
def test_the_onset_features_are_the_published_ones(ours, features):
    assert_same(ours.encode_onsets(BATCH.impulses), features)


@torch.no_grad()
@pytest.mark.parametrize("guidance", [1.0, 7.0])
def test_the_velocity_is_the_published_one(ours, published_net, features, guidance):
    found = ours.velocity(
        NOISE, LEVEL, features=features, embedding=BATCH.embedding, guidance=guidance
    )
    expected = published_net.net(
        NOISE, LEVEL, embedding=BATCH.embedding, embedding_scale=guidance, channels=features
    )
    assert_same(found, expected)


@torch.no_grad()
@pytest.mark.parametrize("guidance", [1.0, 3.0])
def test_a_ddim_sample_is_the_published_one(ours, published_net, features, guidance):
    found = ours.sample(
        NOISE, features=features, embedding=BATCH.embedding, steps=5, guidance=guidance
    )
    expected = published_net.sample(
        NOISE,
        num_steps=5,
        embedding=BATCH.embedding,
        embedding_scale=guidance,
        channels=features,
    )
    assert expected.std() > 0.1
    assert_same(found, expected)

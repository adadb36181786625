import pytest
import torch

from helpers.diffusion_models import ENCODER, randomise
from syncfusion.diffusion.onset_encoder import OnsetEncoder, OnsetEncoderConfig
from syncfusion.timing import seeded


def test_each_stage_gives_its_channels_at_its_length():
    features = OnsetEncoder(ENCODER)(torch.zeros(2, 1, 64))
    assert [tuple(stage.shape) for stage in features] == [(2, 2, 64), (2, 4, 16), (2, 4, 4)]


def test_the_published_encoder_gives_the_channels_the_published_net_takes():
    with torch.device("meta"):
        features = OnsetEncoder(OnsetEncoderConfig())(torch.zeros(1, 1, 2**12))
    assert [stage.shape[1] for stage in features] == [2, 8, 16, 32, 64, 128, 256, 256]
    assert [2**12 // stage.shape[2] for stage in features] == [1, 4, 16, 64, 128, 256, 512, 1024]


def test_an_onset_changes_every_stage():
    encoder = OnsetEncoder(ENCODER)
    randomise(encoder)
    noise = 0.1 * torch.randn(1, 1, 64, generator=seeded(0))
    struck = noise.index_fill(2, torch.tensor([20]), 1.0)
    for calm, moved in zip(encoder(noise), encoder(struck), strict=True):
        assert (calm - moved).abs().max() > 1e-3


def test_a_factor_too_few_is_an_error():
    with pytest.raises(ValueError, match="2 factors for 3 stages"):
        OnsetEncoderConfig(channels=(2, 4, 4), factors=(1, 4))

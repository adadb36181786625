from dataclasses import replace

import pytest
import torch

from diffusion_models import ENCODER, MDCT, UNET, WAVEFORM, build, draw_batch
from syncfusion.diffusion.model import DiffusionConfig, DiffusionModel
from syncfusion.diffusion.solvers import SOLVERS
from syncfusion.timing import seeded

BATCH = draw_batch()
NOISE = torch.randn(2, 1, 2**10, generator=seeded(2))
LEVEL = torch.tensor([0.3, 0.8])


@pytest.fixture(scope="module", params=[WAVEFORM, MDCT], ids=["waveform", "mdct"])
def model(request) -> DiffusionModel:
    return build(request.param)


@pytest.fixture(scope="module")
def features(model) -> list[torch.Tensor]:
    with torch.no_grad():
        return model.encode_onsets(BATCH.impulses)


@torch.no_grad()
def velocity(model, features, **settings):
    settings = {"embedding": BATCH.embedding} | settings
    return model.velocity(NOISE, LEVEL, features=features, **settings)


def sample(model, features, **settings):
    settings = {"embedding": BATCH.embedding, "steps": 2} | settings
    return model.sample(NOISE, features=features, **settings)


def test_guidance_of_1_is_the_conditional_velocity(model, features):
    torch.testing.assert_close(
        velocity(model, features, guidance=1.0), velocity(model, features), rtol=0, atol=0
    )


def test_guidance_of_0_is_the_velocity_of_the_null_prompt(model, features):
    null = velocity(model, features, embedding=model.unet.null(2))
    torch.testing.assert_close(velocity(model, features, guidance=0.0), null)


def test_guidance_goes_past_the_conditional_velocity(model, features):
    null, told = (velocity(model, features, guidance=scale) for scale in (0.0, 1.0))
    expected = null + 3 * (told - null)
    torch.testing.assert_close(
        velocity(model, features, guidance=3.0), expected, rtol=1e-4, atol=1e-5
    )


@pytest.mark.parametrize("solver", SOLVERS)
def test_the_same_noise_gives_the_same_sound(model, features, solver):
    first, second = (sample(model, features, solver=solver) for _ in range(2))
    assert first.shape == NOISE.shape
    assert torch.equal(first, second)
    assert first.isfinite().all()


def test_one_step_of_ddim_is_the_clean_signal_that_noise_and_velocity_imply(model, features):
    ones = torch.ones(2)
    with torch.no_grad():
        speed = model.velocity(NOISE, ones, features=features, embedding=BATCH.embedding)
    frames = -speed[:, 0].unflatten(1, (-1, model.front_end.hop)).mT
    expected = model.front_end.decode(frames)
    found = sample(model, features, steps=1)
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-5)


def test_a_negative_prompt_takes_the_place_of_the_null_prompt(model, features):
    negative = -BATCH.embedding
    learned = sample(model, features, guidance=2.0)
    given = sample(model, features, guidance=2.0, negative=negative)
    null = sample(model, features, guidance=2.0, negative=model.unet.null(2))
    assert torch.equal(learned, null)
    assert not torch.allclose(learned, given)


def test_progress_counts_the_steps(model, features):
    seen = []
    sample(model, features, steps=3, progress=lambda done, of: seen.append((done, of)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_a_length_that_does_not_fit_is_an_error_that_says_what_does(model, features):
    for n_samples in (0, 2**10 + 1):
        with pytest.raises(ValueError, match=f"choose a multiple of {model.factor}"):
            model.encode_onsets(torch.zeros(1, 1, n_samples))
        with pytest.raises(ValueError, match=f"choose a multiple of {model.factor}"):
            model.sample(torch.zeros(2, 1, n_samples), features=features, embedding=BATCH.embedding)


def test_an_unknown_solver_is_an_error_that_lists_the_known(model, features):
    with pytest.raises(ValueError, match="no solver 'euler'; there are ddim, dpmpp_2m"):
        sample(model, features, solver="euler")


def test_encoder_and_net_that_do_not_fit_are_an_error():
    with pytest.raises(ValueError, match="expects onset features of"):
        DiffusionConfig(unet=UNET, onset_encoder=replace(ENCODER, channels=(2, 4, 8)))

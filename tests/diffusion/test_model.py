from dataclasses import replace

import pytest
import torch

from helpers.diffusion_models import ENCODER, MDCT, UNET, WAVEFORM, build, draw_batch
from syncfusion.diffusion.config import DiffusionConfig
from syncfusion.diffusion.guidance import Guidance
from syncfusion.diffusion.model import DiffusionModel
from syncfusion.diffusion.solvers import SOLVERS
from syncfusion.timing import seeded

BATCH = draw_batch()
NOISE = torch.randn(2, 1, 2**10, generator=seeded(2))
LEVEL = torch.tensor([0.3, 0.8])


one_front_end = pytest.mark.parametrize("model", [MDCT], ids=["mdct"], indirect=True)


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


@one_front_end
def test_guidance_of_1_is_the_conditional_velocity(model, features):
    torch.testing.assert_close(
        velocity(model, features, guidance=1.0), velocity(model, features), rtol=0, atol=0
    )


@one_front_end
def test_guidance_of_0_is_the_velocity_of_the_null_prompt(model, features):
    null = velocity(model, features, embedding=model.unet.null(2))
    torch.testing.assert_close(velocity(model, features, guidance=0.0), null)


@one_front_end
def test_guidance_goes_past_the_conditional_velocity(model, features):
    null, plain = (velocity(model, features, guidance=scale) for scale in (0.0, 1.0))
    expected = null + 3 * (plain - null)
    torch.testing.assert_close(
        velocity(model, features, guidance=3.0), expected, rtol=1e-4, atol=1e-5
    )


@one_front_end
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


@one_front_end
def test_a_negative_prompt_takes_the_place_of_the_null_prompt(model, features):
    negative = -BATCH.embedding
    learned = sample(model, features, guidance=2.0)
    chosen = sample(model, features, guidance=2.0, negative=negative)
    null = sample(model, features, guidance=2.0, negative=model.unet.null(2))
    assert torch.equal(learned, null)
    assert not torch.allclose(learned, chosen)


@one_front_end
def test_progress_counts_the_steps(model, features):
    seen = []
    sample(model, features, steps=3, progress=lambda done, of: seen.append((done, of)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


@one_front_end
@pytest.mark.parametrize("frames", [0, 0.5, 2.5])
def test_a_length_that_does_not_fit_is_an_error_that_names_the_nearest(model, features, frames):
    n_samples, factor = int(frames * model.factor), model.factor
    nearest = f"{2 * factor} or {3 * factor}$" if frames > 1 else f"{factor}$"
    message = f"^{n_samples} samples do not fit.*choose a multiple of {factor}, such as {nearest}"
    wave = torch.zeros(2, 1, n_samples)
    with pytest.raises(ValueError, match=message):
        model.encode_onsets(wave)
    with pytest.raises(ValueError, match=message):
        model.sample(wave, features=features, embedding=BATCH.embedding)
    with pytest.raises(ValueError, match=message):
        model.velocity(wave, LEVEL, features=features, embedding=BATCH.embedding)


def test_onset_features_of_another_length_are_an_error_with_both_lengths(model, features):
    shorter = 8
    n_frames = NOISE.shape[2] // model.front_end.hop
    message = f"of a signal of {n_frames} frames, this one has {n_frames // shorter};"
    noise = NOISE[..., : NOISE.shape[2] // shorter]
    with pytest.raises(ValueError, match=message):
        model.sample(noise, features=features, embedding=BATCH.embedding)
    with pytest.raises(ValueError, match=message):
        model.velocity(noise, LEVEL, features=features, embedding=BATCH.embedding)


def test_prediction_from_raw_conditions_is_that_from_features(model, features):
    frames = NOISE[:, 0].unflatten(1, (-1, model.front_end.hop)).mT
    with torch.no_grad():
        found = model.predict(frames, LEVEL, BATCH.impulses, BATCH.embedding)
    assert torch.equal(found.mT.flatten(1)[:, None], velocity(model, features))


def test_guidance_towards_the_onsets_goes_past_what_they_change(model, features):
    silent = model.encode_onsets(torch.zeros_like(BATCH.impulses))
    without, plain = velocity(model, silent), velocity(model, features)
    found = velocity(model, features, guidance=Guidance(onsets=3.0))
    torch.testing.assert_close(found, without + 3 * (plain - without), rtol=1e-4, atol=1e-5)
    assert not torch.allclose(found, plain)


def test_one_call_on_a_larger_batch_finds_the_same_sound(model, features):
    scales = {"prompt": 2.0, "onsets": 3.0}
    found = [
        sample(model, features, guidance=Guidance(**scales, batched=batched))
        for batched in (False, True)
    ]
    torch.testing.assert_close(*found, rtol=1e-4, atol=1e-5)


@one_front_end
def test_guidance_outside_its_interval_costs_one_evaluation(model, features, monkeypatch):
    called = []
    forward = model.unet.forward
    monkeypatch.setattr(
        model.unet, "forward", lambda *a: (called.append(a[1][0].item()), forward(*a))[1]
    )
    sample(model, features, steps=4, guidance=Guidance(prompt=2.0, interval=(0.4, 0.8)))
    assert called == [1.0, 0.75, 0.75, 0.5, 0.5, 0.25]


@one_front_end
def test_another_schedule_gives_another_sound(model, features):
    linear, cosine = (
        sample(model, features, steps=4, schedule=name) for name in ("linear", "cosine")
    )
    assert not torch.allclose(linear, cosine)


@one_front_end
def test_an_unknown_schedule_is_an_error_that_lists_the_known(model, features):
    with pytest.raises(ValueError, match="no schedule 'convex'; there are linear, cosine, karras"):
        sample(model, features, schedule="convex")


@one_front_end
def test_what_a_progress_callback_raises_ends_the_sampling_and_leaves_the_model_as_it_was(
    model, features
):
    def cancel(done, of):
        raise InterruptedError

    before = sample(model, features)
    with pytest.raises(InterruptedError):
        sample(model, features, progress=cancel)
    assert torch.is_grad_enabled()
    assert torch.equal(sample(model, features), before)


def test_a_sound_sampled_in_bfloat16_is_nearly_that_in_float32(model, features):
    exact = sample(model, features, steps=1)
    with torch.autocast("cpu", torch.bfloat16):
        found = sample(model, features, steps=1)
    assert 0 < (found - exact).norm() < 0.05 * exact.norm()


def test_sampling_in_bfloat16_leaves_the_weights_alone(model, features):
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    with torch.autocast("cpu", torch.bfloat16):
        sample(model, features)
    torch.testing.assert_close(model.state_dict(), before, rtol=0, atol=0)


@one_front_end
def test_an_unknown_solver_is_an_error_that_lists_the_known(model, features):
    with pytest.raises(ValueError, match="no solver 'euler'; there are ddim, dpmpp_2m"):
        sample(model, features, solver="euler")


def test_encoder_and_net_that_do_not_fit_are_an_error():
    with pytest.raises(ValueError, match="expects onset features of"):
        DiffusionConfig(unet=UNET, onset_encoder=replace(ENCODER, channels=(2, 4, 8)))

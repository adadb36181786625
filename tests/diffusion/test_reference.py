"""The published packages' model behind our interface."""

import copy
from dataclasses import replace
from functools import partial

import pytest
import torch

from helpers.diffusion_models import MDCT, UNET, WAVEFORM, draw_batch, randomise, seeded_weights
from syncfusion.checkpoint.files import load_diffusion
from syncfusion.checkpoint.keys import diffusion_from_published
from syncfusion.diffusion.model import DiffusionModel
from syncfusion.diffusion.module import DiffusionTraining
from syncfusion.diffusion.perturbation import example_generators
from syncfusion.diffusion.reference import ReferenceConfig, ReferenceModel, build_model
from syncfusion.timing import seeded

pytestmark = pytest.mark.parity
pytest.importorskip("audio_diffusion_pytorch")
pytest.importorskip("audio_encoders_pytorch")

CONFIG = ReferenceConfig(
    clip_samples=WAVEFORM.clip_samples, unet=UNET, onset_encoder=WAVEFORM.onset_encoder
)
BATCH = draw_batch()
NOISE = torch.randn(2, 1, 2**10, generator=seeded(3))
LEVEL = torch.tensor([0.25, 0.9])


@pytest.fixture(scope="module")
def reference() -> ReferenceModel:
    with seeded_weights():
        model = build_model(CONFIG)
    randomise(model)
    return model.eval()


@pytest.fixture(scope="module")
def ours(reference) -> DiffusionModel:
    model = build_model(WAVEFORM)
    model.load_state_dict(diffusion_from_published(reference.state_dict(), UNET))
    return model.eval()


@torch.no_grad()
def velocity(model, **settings):
    features = model.encode_onsets(BATCH.impulses)
    return model.velocity(NOISE, LEVEL, features=features, embedding=BATCH.embedding, **settings)


def assert_same(found, expected):
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-5)


def test_its_names_are_those_of_the_published_checkpoint(reference):
    names = set(reference.state_dict())
    assert {name.split(".")[0] for name in names} == {"model", "onsets_encoder"}
    assert {name.removeprefix("model.net.") for name in names if name.startswith("model.net.")} == {
        name.removeprefix("model.sampler.net.")
        for name in names
        if name.startswith("model.sampler.net.")
    }


def test_its_guided_velocity_is_that_of_ours(reference, ours):
    assert_same(velocity(reference, guidance=3.0), velocity(ours, guidance=3.0))


def test_its_null_prompt_is_the_one_that_guidance_takes(reference):
    features = reference.encode_onsets(BATCH.impulses)
    net = partial(reference.model.net, NOISE, LEVEL, embedding=BATCH.embedding, channels=features)
    with torch.no_grad():
        expected = net(embedding_scale=0.0)
    assert_same(velocity(reference, guidance=0.0), expected)


@torch.no_grad()
def test_sampling_it_is_the_published_sampler(reference):
    features = reference.encode_onsets(BATCH.impulses)
    prompt = BATCH.embedding
    found = reference.sample(NOISE, features=features, embedding=prompt, steps=4, guidance=2.0)
    expected = reference.model.sample(
        NOISE, num_steps=4, embedding=prompt, channels=features, embedding_scale=2.0
    )
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-4)


def test_it_is_trained_on_the_loss_of_ours(reference, ours):
    losses = [
        DiffusionTraining(model).loss(BATCH, example_generators("0", 2))
        for model in (reference, ours)
    ]
    assert_same(*losses)


def test_what_it_has_learned_is_loaded_into_ours(reference, tmp_path):
    training = DiffusionTraining(reference)
    checkpoint = {"state_dict": training.state_dict()}
    training.on_save_checkpoint(checkpoint)
    torch.save(checkpoint, tmp_path / "last.ckpt")
    assert_same(velocity(load_diffusion(tmp_path / "last.ckpt")), velocity(reference))


def test_a_deep_copy_computes_with_its_own_weights(reference):
    twin = copy.deepcopy(reference)
    before = velocity(reference)
    assert_same(velocity(twin), before)
    with torch.no_grad():
        for parameter in twin.parameters():
            parameter.zero_()
    assert torch.equal(velocity(twin), NOISE)  # all that is left is the outermost skip
    assert torch.equal(velocity(reference), before)


def test_a_deep_copy_keeps_type_mode_and_what_is_frozen(reference):
    model = copy.deepcopy(reference).double().eval()
    model.onsets_encoder.requires_grad_(False)
    twin = copy.deepcopy(model)
    described = [
        [(p.dtype, p.requires_grad) for p in either.parameters()] for either in (model, twin)
    ]
    assert described[0] == described[1]
    assert not twin.training


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("front_end", {"front_end": "mdct", "unet": MDCT.unet}),
        ("local_gain", {"unet": replace(UNET, local_gain=True)}),
        ("modulate_prompt", {"unet": replace(UNET, modulate_prompt=True)}),
    ],
)
def test_a_part_that_only_ours_has_is_an_error(part, change):
    with pytest.raises(ValueError, match=f"have no {part}"):
        replace(CONFIG, **change)

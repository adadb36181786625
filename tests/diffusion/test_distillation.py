import pytest
import torch

from helpers.diffusion_models import MDCT, build, draw_batch
from syncfusion.diffusion.batch import DiffusionBatch
from syncfusion.diffusion.distillation import DistillationConfig, Teacher
from syncfusion.diffusion.module import DiffusionTraining
from syncfusion.diffusion.perturbation import drawn_noise, example_generators
from syncfusion.diffusion.solvers import heun
from syncfusion.diffusion.vdiffusion import mix, split, velocity

SIZE, STEPS = 4, 4


def teacher(**settings):
    return Teacher(build(MDCT), DistillationConfig(**{"teacher": "", "steps": STEPS} | settings))


def single_hits(size=SIZE):
    """Clips of one onset each, with prompts."""
    batch = draw_batch(size=size)
    impulses = torch.zeros_like(batch.impulses)
    impulses[..., 100] = 1.0
    return batch._replace(impulses=impulses)


def noisy_signals(model, batch, level):
    clean = model.front_end.encode(batch.waveform)
    _, noise = drawn_noise(clean, example_generators("0", len(clean)))
    return mix(clean, noise, level), clean, noise


def denoiser(model, batch, guidance):
    """The model as solvers call it, guided between the levels 0.3 and 0.8."""
    features = model.encode_onsets(batch.impulses)

    def denoise(signal, level):
        found = model.velocity(
            model._flat(signal),
            torch.full((SIZE,), level),
            features=features,
            embedding=batch.embedding,
            guidance=guidance if 0.3 <= level <= 0.8 else 1.0,
        )
        return model._frames(found)

    return denoise


@pytest.mark.parametrize("guidance", [1.0, 1.5])
@pytest.mark.parametrize("start", range(1, STEPS + 1))
def test_one_step_of_the_taught_velocity_ends_where_the_teachers_guided_steps_end(start, guidance):
    taught = teacher(substeps=3, guidance=guidance, interval=(0.3, 0.8))
    batch, model = single_hits(), taught.model
    now, then = start / STEPS, (start - 1) / STEPS
    noisy, *_ = noisy_signals(model, batch, now)
    aim = taught.velocity(noisy, torch.full((SIZE,), now), batch.impulses, batch.embedding)
    levels = [now, now - 1 / 12, now - 1 / 6, then]
    with torch.no_grad():
        wanted = heun(denoiser(model, batch, guidance), noisy, levels=levels)
    torch.testing.assert_close(mix(*split(noisy, aim, now), then), wanted, rtol=1e-4, atol=1e-4)


def test_examples_at_different_levels_are_taught_as_they_are_alone():
    taught = teacher(guidance=1.5, interval=(0.3, 0.8))
    batch = single_hits()
    levels = torch.arange(1, STEPS + 1) / STEPS
    noisy, *_ = noisy_signals(taught.model, batch, levels)
    together = taught.velocity(noisy, levels, batch.impulses, batch.embedding)
    for place in range(SIZE):
        only = slice(place, place + 1)
        parts = (each[only] for each in (noisy, levels, batch.impulses, batch.embedding))
        torch.testing.assert_close(together[only], taught.velocity(*parts), rtol=1e-3, atol=1e-4)


def test_clips_of_one_onset_with_a_prompt_are_taught_and_all_others_keep_the_data():
    taught = teacher()
    null = taught.model.null_prompt(SIZE)
    batch, tracks = single_hits(), draw_batch(size=SIZE)
    impulses = torch.stack([batch.impulses[0], tracks.impulses[1], *batch.impulses[2:]])
    embedding = torch.stack([*batch.embedding[:3], null[3]])
    mixed = DiffusionBatch(batch.waveform, impulses, embedding)
    clean = taught.model.front_end.encode(batch.waveform)
    uniform, noise = drawn_noise(clean, example_generators("0", SIZE))
    level, aim = taught.aims(clean, noise, uniform**2, uniform, mixed, null)
    data = velocity(clean, noise, uniform**2)
    is_taught = torch.tensor([True, False, True, False])
    torch.testing.assert_close(level[~is_taught], uniform[~is_taught] ** 2, rtol=0, atol=0)
    torch.testing.assert_close(aim[~is_taught], data[~is_taught], rtol=0, atol=0)
    on_grid = level[is_taught] * STEPS
    torch.testing.assert_close(on_grid, on_grid.round())
    assert on_grid.min() >= 1
    assert (aim - data).abs().amax(dim=(1, 2))[is_taught].min() > 0.01


def test_every_step_of_the_student_is_drawn_and_none_beyond():
    taught = teacher()
    batch = single_hits(64)
    clean = taught.model.front_end.encode(batch.waveform)
    uniform = torch.linspace(0, 1, 64)
    null = taught.model.null_prompt(64)
    level, _ = taught.aims(clean, clean, uniform, uniform, batch, null)
    assert level.unique().tolist() == [0.25, 0.5, 0.75, 1.0]


def test_a_student_that_is_its_teacher_has_next_to_nothing_to_learn_from_small_steps():
    training = DiffusionTraining(build(MDCT), prompt_dropout=0.0)
    generators = example_generators("0", SIZE)
    plain = training.loss(single_hits(), generators)
    training.teacher = teacher(steps=64, substeps=1)
    taught = training.loss(single_hits(), example_generators("0", SIZE))
    assert taught.item() < 1e-3 * plain.item()


def test_a_teacher_stays_as_it_is_and_out_of_checkpoints():
    model = build(MDCT)
    training = DiffusionTraining(model)
    names = set(training.state_dict())
    training.teacher = teacher(guidance=1.5)
    assert set(training.state_dict()) == names
    before = {name: value.clone() for name, value in training.teacher.model.state_dict().items()}
    optimizer = torch.optim.SGD(training.parameters(), lr=0.1)
    training.loss(single_hits(), example_generators("0", SIZE)).backward()
    optimizer.step()
    after = training.teacher.model.state_dict()
    assert all(torch.equal(after[name], value) for name, value in before.items())
    assert any(not torch.equal(after[name], value) for name, value in model.state_dict().items())


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"steps": 0}, "distillation.steps is 1 or more, not 0"),
        ({"substeps": 0}, "distillation.substeps is 1 or more, not 0"),
        ({"guidance": float("inf")}, "guidance takes finite scales, not inf"),
        ({"interval": (0.7, 0.2)}, "guidance acts from a noise level to a higher one, not"),
    ],
)
def test_what_cannot_be_taught_is_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        teacher(**settings)

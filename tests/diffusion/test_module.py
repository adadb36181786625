import pytest
import torch

from helpers.diffusion_models import MDCT, WAVEFORM, build, draw_batch
from syncfusion.diffusion.batch import DiffusionBatch
from syncfusion.diffusion.module import DiffusionTraining
from syncfusion.diffusion.perturbation import example_generators
from syncfusion.errors import InputError

BATCH = draw_batch()
SHORT = draw_batch(n_samples=2**8)
# With one prompt token the softmax is 1 whatever query and signal are.
UNUSED_WITH_ONE_TOKEN = ("prompt.norm.weight", "prompt.norm.bias", "prompt.to_query.weight")


def generators(seed, n_examples=2):
    return example_generators(str(seed), n_examples)


@pytest.mark.parametrize("dropout", [0.0, 0.5])
@pytest.mark.parametrize("config", [WAVEFORM, MDCT], ids=["waveform", "mdct"])
def test_every_trained_parameter_gets_a_finite_gradient(config, dropout):
    training = DiffusionTraining(build(config), prompt_dropout=dropout)
    drawn = generators(0, 4)
    training.loss(training.perturbed(draw_batch(size=4), drawn), drawn).backward()
    parameters = dict(training.model.named_parameters())
    trained = {name for name, parameter in parameters.items() if parameter.requires_grad}
    culprits = {
        name
        for name in trained
        if (gradient := parameters[name].grad) is None
        or not (gradient.isfinite().all() and gradient.any())
    }
    assert culprits == set()
    null = {"unet.null_prompt"} if dropout == 0 else set()
    kept = {name for name in parameters if name.endswith(UNUSED_WITH_ONE_TOKEN)}
    assert parameters.keys() - trained == kept | null
    assert parameters.keys() <= training.model.state_dict().keys()


def test_several_prompt_tokens_reach_every_trained_parameter():
    model = build(WAVEFORM)
    prompt = BATCH.embedding.repeat(1, 2, 1)
    prompt[:, 1] *= -1
    features = model.encode_onsets(BATCH.impulses)
    velocity = model.velocity(
        BATCH.waveform, torch.full((2,), 0.5), features=features, embedding=prompt
    )
    velocity.square().mean().backward()
    trained = {name: p for name, p in model.named_parameters() if p.requires_grad}
    assert {name for name, p in trained.items() if p.grad is None} == {"unet.null_prompt"}


def test_ranks_draw_together_what_one_process_draws():
    together = DiffusionTraining(build(WAVEFORM), onset_dropout=0.3, onset_jitter_milliseconds=2.0)
    whole = draw_batch(size=4)
    perturbed, losses = [], []
    for first, last in ((0, 4), (0, 2), (2, 4)):
        part = DiffusionBatch(*(each[first:last] for each in whole[:3]))
        drawn = example_generators("0/7", last - first, first=first)
        perturbed.append(together.perturbed(part, drawn))
        losses.append(together.loss(perturbed[-1], drawn))
    torch.testing.assert_close(losses[0], (losses[1] + losses[2]) / 2)
    for one, *parts in zip(*(batch[:3] for batch in perturbed), strict=True):
        torch.testing.assert_close(one, torch.cat(parts), rtol=0, atol=0)


def test_some_steps_on_one_batch_lower_the_loss():
    training = DiffusionTraining(build(MDCT))
    optimizer = torch.optim.Adam(training.parameters(), lr=1e-2)
    losses = []
    for _ in range(3):
        optimizer.zero_grad()
        loss = training.loss(SHORT, generators(0))
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.9 * losses[0]


def test_the_same_generator_gives_the_same_loss():
    training = DiffusionTraining(build(WAVEFORM))
    losses = [training.loss(BATCH, generators(seed)).item() for seed in (0, 0, 1)]
    assert losses[0] == losses[1] != losses[2]


@pytest.mark.parametrize("exponent", [1.0, 2.0])
def test_an_exponent_lowers_the_noise_levels_that_are_trained(exponent, monkeypatch):
    training = DiffusionTraining(build(WAVEFORM))
    levels = []
    monkeypatch.setattr(
        training.model, "predict", lambda noisy, level, *_: levels.append(level) or noisy
    )
    batch = draw_batch(size=64, n_samples=2**8)
    for each in (1.0, exponent):
        training.loss(batch, generators(0, 64), exponent=each)
    torch.testing.assert_close(levels[1], levels[0] ** exponent)
    assert levels[1].mean().item() == pytest.approx(1 / (1 + exponent), abs=0.1)


def test_an_exponent_of_nothing_is_refused():
    with pytest.raises(InputError, match="level_exponent is above 0, not 0"):
        DiffusionTraining(build(WAVEFORM), level_exponent=0)


def test_a_dropped_prompt_has_no_effect():
    training = DiffusionTraining(build(WAVEFORM), prompt_dropout=1.0)
    other = BATCH._replace(embedding=-BATCH.embedding)
    found = [training.perturbed(batch, generators(0)).embedding for batch in (BATCH, other)]
    torch.testing.assert_close(*found, rtol=0, atol=0)
    torch.testing.assert_close(found[0], training.model.null_prompt(2), rtol=0, atol=0)


def test_the_exact_velocity_of_silence_has_no_loss():
    model = build(WAVEFORM)
    # silence at level t is sin(πt/2) · noise, and its velocity cos(πt/2) · noise
    model.unet.forward = lambda signal, level, conditions: (
        signal / torch.tan(level * torch.pi / 2)[:, None, None]
    )
    silence = BATCH._replace(waveform=torch.zeros_like(BATCH.waveform))
    assert DiffusionTraining(model).loss(silence, generators(0)).item() < 1e-6


def test_the_rate_rises_to_its_peak_then_falls_to_a_tenth():
    training = DiffusionTraining(
        build(WAVEFORM), 1.0, schedule="one-cycle", warmup_steps=3, total_steps=20
    )
    settings = training.configure_optimizers()
    optimizer, schedule = settings["optimizer"], settings["lr_scheduler"]["scheduler"]
    rates = []
    for _ in range(20):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    rates.append(optimizer.param_groups[0]["lr"])
    assert max(rates) == pytest.approx(1.0, abs=0.05)
    assert rates.index(max(rates)) in (2, 3)
    assert (rates[0], rates[-1]) == pytest.approx((0.1, 0.1), abs=0.01)


def test_ranks_take_turns_in_validation_and_log_what_one_process_would(monkeypatch):
    def validated(rank, n_ranks):
        training = DiffusionTraining(build(WAVEFORM))
        logged = []
        monkeypatch.setattr("syncfusion.diffusion.module.rank_of", lambda trainer: (rank, n_ranks))
        monkeypatch.setattr(
            training, "log", lambda name, loss, batch_size, **_: logged.append((loss, batch_size))
        )
        with torch.no_grad():
            for index in range(3):
                training.validation_step(SHORT, index)
        return [(float(loss), size) for loss, size in logged]

    alone, first, second = validated(0, 1), validated(0, 2), validated(1, 2)
    assert [size for _, size in first] == [2, 0, 2]
    assert [size for _, size in second] == [0, 2, 0]
    assert [first[0], second[1], first[2]] == alone

import math

import pytest
import torch

from syncfusion.diffusion.schedules import SCHEDULES, linear
from syncfusion.diffusion.solvers import SOLVERS
from syncfusion.diffusion.vdiffusion import coefficients
from syncfusion.timing import seeded

NOISE = torch.randn(2, 3, 16, generator=seeded(0), dtype=torch.float64)
SECOND_ORDER = ("dpmpp_2m", "heun")
STOCHASTIC = "sde_dpmpp_2m"
DETERMINISTIC = [name for name in SOLVERS if name != STOCHASTIC]
N_STEPS = (1, 2, 3, 4, 16)
PAIRS = [  # every pair of a solver, a schedule and a number of steps, in a third of all triples
    (solver, list(SCHEDULES)[(place + turn) % len(SCHEDULES)], steps)
    for place, solver in enumerate(SOLVERS)
    for turn, steps in enumerate(N_STEPS)
]


def gaussian(deviation):
    """The exact velocity where data are normal with this standard deviation."""

    def denoise(noisy, level):
        alpha, sigma = coefficients(level)
        return alpha * sigma * (1 - deviation**2) / (alpha**2 * deviation**2 + sigma**2) * noisy

    return denoise


@pytest.mark.parametrize(("solver", "schedule", "steps"), PAIRS)
def test_the_exact_velocity_of_one_data_point_leads_to_that_point(solver, schedule, steps):
    point = torch.randn(2, 3, 16, generator=seeded(1), dtype=torch.float64)

    def denoise(noisy, level):
        alpha, sigma = coefficients(level)
        noise = (noisy - alpha * point) / sigma
        return alpha * noise - sigma * point

    found = SOLVERS[solver](denoise, NOISE, levels=SCHEDULES[schedule](steps))
    torch.testing.assert_close(found, point, rtol=0, atol=1e-9)


@pytest.mark.parametrize(("solver", "schedule"), zip(DETERMINISTIC, SCHEDULES, strict=True))
def test_normal_data_are_reached_by_scaling_the_noise(solver, schedule):
    found = SOLVERS[solver](gaussian(0.3), NOISE, levels=SCHEDULES[schedule](50))
    torch.testing.assert_close(found, 0.3 * NOISE, rtol=0.06, atol=0)


def error(solver: str, steps: int) -> float:
    found = SOLVERS[solver](gaussian(0.3), NOISE, levels=linear(steps))
    return (found - 0.3 * NOISE).abs().max().item()


@pytest.mark.parametrize("solver", SECOND_ORDER)
def test_a_second_order_solver_is_closer_than_ddim_at_equal_steps(solver):
    assert error(solver, 16) < 0.5 * error("ddim", 16)


def test_heun_is_of_second_order_away_from_the_ends():
    """Half the stride leaves a quarter of the error, where DDIM's is half."""

    def reached(solver, strides):
        levels = [0.8 - 0.6 * stride / strides for stride in range(strides + 1)]
        return SOLVERS[solver](gaussian(0.3), NOISE, levels=levels)

    (alpha, sigma), (next_alpha, next_sigma) = coefficients(0.8), coefficients(0.2)
    exact = NOISE * math.hypot(0.3 * next_alpha, next_sigma) / math.hypot(0.3 * alpha, sigma)
    ratio = {
        solver: (reached(solver, 16) - exact).norm() / (reached(solver, 32) - exact).norm()
        for solver in ("ddim", "heun")
    }
    assert ratio["ddim"].item() == pytest.approx(2, rel=0.1)
    assert ratio["heun"].item() == pytest.approx(4, rel=0.1)


@pytest.mark.parametrize(
    ("solver", "expected"),
    [
        ("ddim", [1, 0.75, 0.5, 0.25]),
        ("dpmpp_2m", [1, 0.75, 0.5, 0.25]),
        ("heun", [1, 0.75, 0.75, 0.5, 0.5, 0.25, 0.25]),
        ("sde_dpmpp_2m", [1, 0.75, 0.5, 0.25]),
    ],
)
def test_a_solver_calls_the_net_at_the_levels_of_the_schedule(solver, expected):
    called = []

    def denoise(noisy, level):
        called.append(level)
        return noisy

    SOLVERS[solver](denoise, NOISE, levels=linear(4))
    assert called == expected


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_new_noise_leaves_the_distribution_as_it_is(schedule):
    """Normal data of deviation 0.3 come out with it, but no longer as the noise scaled."""
    noise = torch.randn(4, 8, 512, generator=seeded(2), dtype=torch.float64)
    found = SOLVERS[STOCHASTIC](gaussian(0.3), noise, levels=SCHEDULES[schedule](50))
    assert found.std().item() == pytest.approx(0.3, rel=0.06)
    correlation = (found * noise).mean() / found.std() / noise.std()
    assert abs(correlation.item()) < 0.1


def test_new_noise_depends_on_the_noise_of_its_own_example_alone():
    levels = linear(4)
    both = SOLVERS[STOCHASTIC](gaussian(0.3), NOISE, levels=levels)
    for index, example in enumerate(NOISE.split(1)):
        alone = SOLVERS[STOCHASTIC](gaussian(0.3), example, levels=levels)
        torch.testing.assert_close(alone[0], both[index], rtol=0, atol=1e-12)
    assert not torch.allclose(both[0], both[1])


@pytest.mark.parametrize("solver", SOLVERS)
def test_each_step_is_reported_once(solver):
    reported = []
    SOLVERS[solver](
        gaussian(1), NOISE, levels=linear(4), progress=lambda done, of: reported.append((done, of))
    )
    assert reported == [(1, 4), (2, 4), (3, 4), (4, 4)]


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_progress_callback_can_cancel(solver):
    def cancel(done, of):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        SOLVERS[solver](gaussian(1), NOISE, levels=linear(4), progress=cancel)

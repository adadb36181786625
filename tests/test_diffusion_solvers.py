import pytest
import torch

from syncfusion.diffusion.solvers import SOLVERS, linear_levels
from syncfusion.diffusion.vdiffusion import coefficients
from syncfusion.timing import seeded

NOISE = torch.randn(2, 3, 16, generator=seeded(0), dtype=torch.float64)
LEVELS = {n: linear_levels(n).double() for n in (1, 2, 3, 4, 16, 50)}


def gaussian(spread):
    """The exact velocity where data are normal with this standard deviation."""

    def denoise(noisy, level):
        alpha, sigma = coefficients(level)
        return alpha * sigma * (1 - spread**2) / (alpha**2 * spread**2 + sigma**2) * noisy

    return denoise


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("steps", [1, 2, 3, 4, 16])
def test_the_exact_velocity_of_one_data_point_leads_to_that_point(solver, steps):
    point = torch.randn(2, 3, 16, generator=seeded(1), dtype=torch.float64)

    def denoise(noisy, level):
        alpha, sigma = coefficients(level)
        noise = (noisy - alpha * point) / sigma
        return alpha * noise - sigma * point

    found = SOLVERS[solver](denoise, NOISE, levels=LEVELS[steps])
    torch.testing.assert_close(found, point, rtol=0, atol=1e-9)


@pytest.mark.parametrize("solver", SOLVERS)
def test_normal_data_are_reached_by_scaling_the_noise(solver):
    found = SOLVERS[solver](gaussian(0.3), NOISE, levels=LEVELS[50])
    torch.testing.assert_close(found, 0.3 * NOISE, rtol=0.05, atol=0)


def test_the_second_order_solver_is_closer_than_ddim_at_equal_steps():
    def error(solver):
        found = SOLVERS[solver](gaussian(0.3), NOISE, levels=LEVELS[16])
        return (found - 0.3 * NOISE).abs().max()

    assert error("dpmpp_2m") < 0.5 * error("ddim")


@pytest.mark.parametrize("solver", SOLVERS)
def test_each_step_asks_the_net_once_and_reports_once(solver):
    asked, reported = [], []

    def denoise(noisy, level):
        asked.append(level.tolist())
        return noisy

    SOLVERS[solver](
        denoise, NOISE, levels=LEVELS[4], progress=lambda done, of: reported.append((done, of))
    )
    assert asked == [[1, 1], [0.75, 0.75], [0.5, 0.5], [0.25, 0.25]]
    assert reported == [(1, 4), (2, 4), (3, 4), (4, 4)]


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_progress_callback_can_cancel(solver):
    def cancel(done, of):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        SOLVERS[solver](gaussian(1), NOISE, levels=LEVELS[4], progress=cancel)


def test_levels_fall_from_noise_to_signal_in_equal_steps():
    assert linear_levels(4).tolist() == [1, 0.75, 0.5, 0.25, 0]


def test_no_steps_are_an_error():
    with pytest.raises(ValueError, match="at least 1 step, not 0"):
        linear_levels(0)


def test_a_schedule_can_end_with_the_clean_estimate_of_a_noisy_level():
    torch.testing.assert_close(linear_levels(4, 0.4), torch.tensor([1.0, 0.8, 0.6, 0.4, 0.0]))
    torch.testing.assert_close(linear_levels(1, 0.4), torch.tensor([1.0, 0.0]))

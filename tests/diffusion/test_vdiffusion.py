import torch
from hypothesis import given
from hypothesis import strategies as st

from syncfusion.diffusion.vdiffusion import coefficients, mix, split, velocity
from syncfusion.timing import seeded

LEVELS = st.floats(0.0, 1.0)
SEEDS = st.integers(0, 2**31 - 1)


def draw(seed: int, level: float) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    clean, noise = torch.randn(2, 3, 2, 16, generator=seeded(seed), dtype=torch.float64)
    return clean, noise, torch.full((3,), level, dtype=torch.float64)


@given(level=LEVELS, seed=SEEDS)
def test_split_undoes_mix(level, seed):
    clean, noise, levels = draw(seed, level)
    back = split(mix(clean, noise, levels), velocity(clean, noise, levels), levels)
    torch.testing.assert_close(back, (clean, noise), rtol=0, atol=1e-12)


@given(level=LEVELS, seed=SEEDS)
def test_mix_undoes_split(level, seed):
    noisy, speed, levels = draw(seed, level)
    clean, noise = split(noisy, speed, levels)
    back = mix(clean, noise, levels), velocity(clean, noise, levels)
    torch.testing.assert_close(back, (noisy, speed), rtol=0, atol=1e-12)


@given(level=LEVELS)
def test_signal_and_noise_share_one_unit_of_power(level):
    alpha, sigma = coefficients(torch.tensor([level], dtype=torch.float64))
    assert abs((alpha**2 + sigma**2).item() - 1) < 1e-12


def test_level_0_is_the_clean_signal_and_level_1_the_noise():
    clean, noise, _ = draw(0, 0)
    levels = torch.tensor([0.0, 1.0, 0.0], dtype=torch.float64)
    expected = torch.stack([clean[0], noise[1], clean[2]])
    torch.testing.assert_close(mix(clean, noise, levels), expected)


def test_the_velocity_is_the_derivative_of_the_noisy_signal_by_angle():
    clean, noise, levels = draw(1, 0.3)
    step = 1e-6
    change = mix(clean, noise, levels + step) - mix(clean, noise, levels - step)
    slope = change / (2 * step * torch.pi / 2)
    torch.testing.assert_close(velocity(clean, noise, levels), slope, rtol=0, atol=1e-8)


def test_each_example_has_its_own_level():
    clean, noise, _ = draw(2, 0)
    levels = torch.tensor([0.1, 0.5, 0.9], dtype=torch.float64)
    parts = zip(clean.split(1), noise.split(1), levels.split(1), strict=True)
    alone = [mix(*part) for part in parts]
    torch.testing.assert_close(mix(clean, noise, levels), torch.cat(alone))


@given(level=LEVELS, seed=SEEDS)
def test_one_level_for_all_is_that_level_for_each(level, seed):
    clean, noise, levels = draw(seed, level)
    torch.testing.assert_close(mix(clean, noise, level), mix(clean, noise, levels))

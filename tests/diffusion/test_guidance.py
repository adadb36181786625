import pytest
import torch

from syncfusion.diffusion.guidance import Guidance, apply_guidance, combined, rescaled
from syncfusion.timing import seeded

WITH, WITHOUT, SILENT = torch.randn(3, 2, 3, 8, generator=seeded(0), dtype=torch.float64)


def assert_same(found, expected):
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("scale", "expected"), [(1, WITH), (0, WITHOUT), (3, 3 * WITH - 2 * WITHOUT)]
)
def test_guidance_walks_the_line_through_both_predictions(scale, expected):
    assert_same(apply_guidance(WITH, WITHOUT, scale=scale), expected)


def test_one_scale_is_plain_guidance():
    found = combined([WITH, WITHOUT], Guidance(prompt=3))
    assert_same(found, apply_guidance(WITH, WITHOUT, scale=3))
    found = combined([WITH, SILENT], Guidance(onsets=2))
    assert_same(found, apply_guidance(WITH, SILENT, scale=2))


def test_two_scales_push_in_their_own_directions():
    found = combined([WITH, WITHOUT, SILENT], Guidance(prompt=3, onsets=2))
    assert_same(found, WITH + 2 * (WITH - WITHOUT) + (WITH - SILENT))


def test_no_scale_leaves_the_prediction():
    assert combined([WITH], Guidance()) is WITH


def test_full_rescaling_gives_each_example_the_deviation_of_the_plain_prediction():
    guided = apply_guidance(WITH, WITHOUT, scale=7)
    found = rescaled(guided, WITH, fraction=1)
    assert_same(found.std(dim=(1, 2)), WITH.std(dim=(1, 2)))


def test_rescaling_by_a_fraction_lies_between():
    guided = apply_guidance(WITH, WITHOUT, scale=7)
    halfway = (guided + rescaled(guided, WITH, fraction=1)) / 2
    assert_same(combined([WITH, WITHOUT], Guidance(prompt=7, rescale=0.5)), halfway)


@pytest.mark.parametrize(("level", "acts"), [(0.1, False), (0.2, True), (0.8, True), (1.0, False)])
def test_guidance_acts_in_its_interval(level, acts):
    assert Guidance(prompt=2, interval=[0.2, 0.8]).acts_at(level) == acts


def test_guidance_of_1_never_acts():
    assert not Guidance().acts_at(0.5)


@pytest.mark.parametrize(
    "settings",
    [
        {"prompt": float("nan")},
        {"onsets": float("inf")},
        {"interval": (0.8, 0.2)},
        {"interval": (0.2,)},
        {"rescale": 1.5},
    ],
)
def test_numbers_out_of_range_are_an_error(settings):
    with pytest.raises(ValueError, match="guidance"):
        Guidance(**settings)

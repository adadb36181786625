from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncfusion.diffusion.schedules import SCHEDULES, cosine, karras, linear


@pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=SCHEDULES)
@given(steps=st.integers(1, 40), final_noise_level=st.sampled_from([0.0, 0.2, 0.45]))
def test_every_schedule_falls_from_noise_to_signal_in_its_steps(schedule, steps, final_noise_level):
    levels = schedule(steps, final_noise_level)
    assert len(levels) == steps + 1
    assert (levels[0], levels[-1]) == (1, 0)
    assert all(now > then for now, then in pairwise(levels))


@pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=SCHEDULES)
def test_the_last_evaluation_is_at_the_last_level(schedule):
    assert schedule(8, 0.4)[-2] == pytest.approx(0.4)


def test_the_linear_schedule_is_the_published_one():
    assert linear(4) == [1, 0.75, 0.5, 0.25, 0]
    assert linear(4, 0.4) == pytest.approx([1, 0.8, 0.6, 0.4, 0])
    assert linear(1, 0.4) == [1, 0]


def test_the_cosine_schedule_is_closer_at_both_ends():
    strides = [now - then for now, then in pairwise(cosine(9))]
    assert strides[0] < strides[4] > strides[-1]
    assert strides == pytest.approx(strides[::-1])


def test_the_karras_schedule_is_closer_towards_the_signal():
    strides = [now - then for now, then in pairwise(karras(20))]
    assert strides[-5:] == sorted(strides[-5:], reverse=True)
    assert karras(20)[-5] < linear(20)[-5] / 2


@pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=SCHEDULES)
def test_no_steps_are_an_error(schedule):
    with pytest.raises(ValueError, match="at least 1 step, not 0"):
        schedule(0)


@pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=SCHEDULES)
def test_a_last_level_out_of_range_is_an_error(schedule):
    with pytest.raises(ValueError, match=r"the final noise level is 1\.0; give 0 or more"):
        schedule(4, 1.0)

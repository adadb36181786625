import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from syncfusion.timing import frame_index, frame_time, sample_index, seeded


@given(frame=st.integers(0, 10**6), fps=st.sampled_from([15, 24, 25, 29.97, 30]))
def test_the_time_of_a_frame_falls_in_that_frame(frame, fps):
    assert frame_index(frame_time(frame, fps), fps) == frame


@given(frame=st.integers(0, 10**4))
def test_a_frame_time_printed_with_four_decimals_still_falls_in_its_frame(frame):
    assert frame_index(float(f"{frame / 15:.4f}"), 15) == frame


@pytest.mark.parametrize(("seconds", "frame"), [(0.1333, 2), (0.13, 1), (0.199, 2), (0.0, 0)])
def test_known_times_fall_in_known_frames(seconds, frame):
    assert frame_index(seconds, 15) == frame


@given(index=st.integers(0, 10**8), rate=st.sampled_from([8_000, 22_050, 44_100, 48_000]))
def test_the_time_of_a_sample_rounds_to_that_sample(index, rate):
    assert sample_index(index / rate, rate) == index


def test_a_time_belongs_to_the_nearest_sample():
    assert [sample_index(n / 48_000, 48_000) for n in (0.4, 0.6, 1.4)] == [0, 1, 1]


def test_a_seed_gives_the_same_numbers_again_and_another_seed_gives_others():
    first, again, other = (torch.rand(4, generator=seeded(seed)) for seed in (5, 5, 6))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)

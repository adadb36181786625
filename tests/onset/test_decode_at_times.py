import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from syncfusion.onset.decode import Decoding, decode_at_times, decode_onsets

ADJACENT = Decoding(threshold=0.5, minimum_gap_seconds=0.0)


def decoded(values, times, decoding=ADJACENT, duration=10.0):
    return decode_at_times(
        np.array(values), np.array(times, float), duration=duration, decoding=decoding
    )


def test_onsets_have_the_frames_own_times():
    track = decoded([0.0, 0.9, 0.0, 0.0, 0.8, 0.0], [0.0, 0.1, 0.2, 0.5, 0.9, 1.3])
    assert track.times == (0.1, 0.9)
    assert track.confidences == pytest.approx((0.9, 0.8))
    assert track.duration == 10.0


def test_of_two_peaks_closer_than_the_gap_in_seconds_the_likelier_stays():
    values, gap = [0.0, 0.7, 0.0, 0.9, 0.0], Decoding(threshold=0.5, minimum_gap_seconds=0.2)
    assert decoded(values, [0.0, 0.1, 0.15, 0.25, 0.3], gap).times == (0.25,)
    assert decoded(values, [0.0, 0.1, 0.2, 0.3, 0.4], gap).times == (0.1, 0.3)


@pytest.mark.parametrize("center", [3.8, 4.0, 4.3])
def test_a_hump_between_frames_is_found_between_their_times(center):
    values = [0.9 * math.exp(-0.5 * ((k - center) / 0.7) ** 2) for k in range(9)]
    times = 2 + np.arange(9) / 24
    assert decoded(values, times).times == pytest.approx((2 + center / 24,), abs=1e-5)


def test_peaks_below_the_threshold_or_past_the_end_are_none():
    assert len(decoded([0.0, 0.49, 0.0], [0, 1, 2])) == 0
    assert decoded([0.0, 0.9, 0.0, 0.9, 0.0], [0, 1, 2, 3, 4], duration=2.5).times == (1.0,)


def test_no_frames_are_no_onsets():
    assert len(decoded([], [])) == 0


@given(
    levels=st.lists(st.integers(0, 50), min_size=1, max_size=40, unique=True),
    threshold=st.floats(0, 1),
    gap=st.integers(1, 6),
)
def test_even_times_give_what_a_frame_rate_gives(levels, threshold, gap):
    curve = np.array(levels) / 51
    decoding = Decoding(threshold=threshold, minimum_gap_seconds=gap / 16)
    expected = decode_onsets(torch.from_numpy(curve), fps=16, duration=100, decoding=decoding)
    found = decoded(curve, np.arange(len(curve)) / 16, decoding, duration=100)
    assert found.times == pytest.approx(expected.times, abs=1e-6)
    assert found.confidences == expected.confidences

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import find_peaks

from syncfusion.onset.decode import Decoding, decode_onsets
from syncfusion.timing import seeded

ADJACENT = Decoding(threshold=0.5, minimum_gap_seconds=0.0)


def decoded(values, decoding=ADJACENT, fps=10.0, duration=None):
    duration = len(values) / fps if duration is None else duration
    return decode_onsets(torch.tensor(values), fps=fps, duration=duration, decoding=decoding)


def test_a_run_of_hot_frames_is_one_onset_in_its_middle():
    assert decoded([0.0, 0.9, 0.9, 0.9, 0.0]).times == (0.2,)


def test_a_lone_frame_is_an_onset_at_its_time_with_its_probability():
    track = decoded([0.0, 0.0, 0.8, 0.0])
    assert track.times == (0.2,)
    assert track.confidences == pytest.approx((0.8,))


def test_of_two_peaks_closer_than_the_gap_the_likelier_stays():
    track = decoded([0.0, 0.6, 0.0, 0.9, 0.0], Decoding(threshold=0.5, minimum_gap_seconds=0.3))
    assert track.times == (0.3,)


def test_two_peaks_exactly_the_gap_apart_both_stay():
    decoding = Decoding(threshold=0.5, minimum_gap_seconds=0.2)
    values = [0.0, 0.9, 0.0, 0.0, 0.6, 0.0]
    assert decoded(values, decoding, fps=15.0).times == pytest.approx((1 / 15, 4 / 15))


def test_peaks_below_the_threshold_are_none():
    assert len(decoded([0.0, 0.49, 0.0])) == 0


def test_the_first_and_the_last_frame_can_be_onsets():
    assert decoded([0.9, 0.0, 0.0, 0.9]).times == pytest.approx((0.0, 0.3))


@pytest.mark.parametrize("center", [3.8, 4.0, 4.3])
def test_a_gaussian_hump_is_found_between_frames(center):
    values = [0.9 * math.exp(-0.5 * ((k - center) / 0.7) ** 2) for k in range(9)]
    assert decoded(values).times == pytest.approx((center / 10,), abs=1e-5)


@pytest.mark.parametrize("wrong", [{"threshold": 1.1}, {"minimum_gap_seconds": -0.1}])
def test_a_setting_out_of_its_range_is_refused(wrong):
    with pytest.raises(ValueError, match="must be 0"):
        Decoding(**wrong)


def test_no_frames_are_no_onsets():
    assert len(decode_onsets(torch.zeros(0), fps=15, duration=1.0)) == 0


@given(
    values=st.lists(st.floats(0, 1, width=32), max_size=40),
    threshold=st.floats(0.01, 0.99),
    gap=st.floats(0, 1),
    cut=st.floats(0.2, 1.2),
)
def test_times_are_sorted_and_within_the_clip(values, threshold, gap, cut):
    decoding = Decoding(threshold=threshold, minimum_gap_seconds=gap)
    duration = cut * len(values) / 15
    track = decoded(values, decoding, 15.0, duration)
    assert list(track.times) == sorted(track.times)
    assert all(0 <= time < duration for time in track.times)
    assert all(confidence >= threshold for confidence in track.confidences)


@given(
    levels=st.lists(st.integers(0, 50), max_size=40),
    threshold=st.floats(0, 1),
    gap=st.integers(1, 6),
    seed=st.integers(0, 1000),
)
def test_peaks_are_those_of_scipy_where_no_two_are_equal(levels, threshold, gap, seed):
    noise = 1e-3 * torch.rand(len(levels), generator=seeded(seed))
    curve = torch.tensor(levels, dtype=torch.float64) / 51 + noise
    decoding = Decoding(threshold=threshold, minimum_gap_seconds=gap / 15)
    track = decode_onsets(curve, fps=15, duration=100, decoding=decoding)
    padded = [-1.0, *curve.tolist(), -1.0]
    peaks, _ = find_peaks(padded, height=threshold, distance=gap)
    assert [onset.confidence for onset in track] == [padded[peak] for peak in peaks]


@given(levels=st.lists(st.integers(0, 3), max_size=12))
def test_a_run_of_equal_frames_is_one_onset_as_for_scipy(levels):
    padded = [-1, *levels, -1]
    decoding = Decoding(threshold=0, minimum_gap_seconds=0)
    track = decode_onsets(torch.tensor(levels) / 4, fps=1, duration=100, decoding=decoding)
    assert len(track) == len(find_peaks(padded)[0])

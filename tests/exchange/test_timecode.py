from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncfusion.errors import InputError
from syncfusion.exchange.timecode import Timeline, frame_rate

RATES = [Fraction(24_000, 1001), Fraction(24), Fraction(25), Fraction(30_000, 1001), Fraction(30)]
RATES += [Fraction(50), Fraction(60_000, 1001)]


@pytest.mark.parametrize(
    ("text", "rate"),
    [("23.976", RATES[0]), ("23.98", RATES[0]), (24, 24), ("25", 25), (29.97, RATES[3])]
    + [("29.970030", RATES[3]), ("59.94", RATES[6]), ("24000/1001", RATES[0]), ("12.5", 12.5)],
)
def test_decimals_stand_for_the_exact_rate(text, rate):
    assert frame_rate(text) == Fraction(rate)


@pytest.mark.parametrize("text", ["fast", "0", "-25", "25/0", ""])
def test_what_is_no_rate_is_refused(text):
    with pytest.raises(InputError, match="is no frame rate"):
        frame_rate(text)


@pytest.mark.parametrize(
    ("rate", "drop", "samples"),
    [
        (RATES[0], False, 172_972_800),
        (RATES[1], False, 172_800_000),
        (RATES[2], False, 172_800_000),
        (RATES[3], False, 172_972_800),
        (RATES[3], True, 172_799_827),
        (RATES[5], False, 172_800_000),
        (RATES[6], True, 172_799_827),
    ],
)
def test_hour_one_is_the_sample_it_should_be(rate, drop, samples):
    timecode = "01:00:00;00" if drop else "01:00:00:00"
    assert Timeline.starting(timecode, rate).samples(48_000) == samples


def test_minutes_drop_two_numbers_but_every_tenth():
    timeline = Timeline(RATES[3], drop_frame=True)
    assert timeline.timecode(1799) == "00:00:59;29"
    assert timeline.timecode(1800) == "00:01:00;02"
    assert timeline.timecode(17_982) == "00:10:00;00"
    assert Timeline(RATES[6], drop_frame=True).timecode(3600) == "00:01:00;04"


@given(st.integers(0, 24 * 3600 * 20), st.sampled_from(RATES), st.booleans())
def test_a_frame_comes_back_from_its_timecode(frame, rate, drop):
    timeline = Timeline(rate, drop and rate.denominator == 1001 and round(rate) != 24)
    assert timeline.frames(timeline.timecode(frame)) == frame


@given(st.integers(0, 10**6), st.sampled_from(RATES))
def test_a_frame_comes_back_from_its_time(frame, rate):
    timeline = Timeline.starting("01:00:00:00", rate)
    assert timeline.frame_at(timeline.seconds(frame)) == frame


@pytest.mark.parametrize(
    ("timecode", "problem"),
    [("01:00:00:25", "up to 24"), ("1:2:3", "is no timecode"), ("25:00:00:00", "no timecode at")],
)
def test_what_is_no_timecode_is_refused(timecode, problem):
    with pytest.raises(InputError, match=problem):
        Timeline.starting(timecode, Fraction(25))


def test_numbers_that_are_left_out_are_refused():
    with pytest.raises(InputError, match="left out by drop-frame"):
        Timeline.starting("00:01:00;00", RATES[3])
    with pytest.raises(InputError, match="have no drop-frame"):
        Timeline.starting("01:00:00;00", Fraction(25))

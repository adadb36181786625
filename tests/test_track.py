import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from syncfusion.errors import InputError
from syncfusion.event_table import NUMBER
from syncfusion.track import Onset, OnsetTrack

ONSETS = st.builds(
    Onset,
    time=st.integers(0, 10**9).map(lambda n: n / 10**6),
    label=st.text(max_size=12).filter(lambda label: not NUMBER.fullmatch(label.strip())),
    confidence=st.integers(0, 10**4).map(lambda n: n / 10**4),
    gain=st.integers(0, 10**5).map(lambda n: n / 10**4),
    extra=st.dictionaries(st.sampled_from(["prompt", "Note"]), st.text(max_size=5), max_size=2),
)
EVENTS = st.lists(ONSETS, max_size=6)


def on_one_line(label: str) -> str:
    words = label.split()
    return "" if set(words) <= {"None"} else " ".join(words)


@given(EVENTS)
def test_csv_gives_back_the_track_with_labels_on_one_line(events):
    track = OnsetTrack.from_onsets(events)
    back = OnsetTrack.from_csv(track.to_csv())
    assert back.labels == tuple(on_one_line(label) for label in track.labels)
    assert (back.times, back.confidences, back.gains) == (
        track.times,
        track.confidences,
        track.gains,
    )


@given(EVENTS)
def test_csv_is_the_same_after_a_round_trip(events):
    text = OnsetTrack.from_csv(OnsetTrack.from_onsets(events).to_csv()).to_csv()
    assert OnsetTrack.from_csv(text).to_csv() == text


@pytest.mark.parametrize(
    ("text", "onset"),
    [
        ("2.6667 ceramic hit", Onset(2.6667, "ceramic hit")),
        ("2.6667\tplastic-bag scratch", Onset(2.6667, "plastic-bag scratch")),
        ("2.6667 None None", Onset(2.6667)),
        ("2.6667,ceramic hit", Onset(2.6667, "ceramic hit")),
        ("2.6667,None", Onset(2.6667)),
        ("2.6667", Onset(2.6667)),
        ("2.6667,", Onset(2.6667)),
        ('0.5,"hit, then slide",0.25,2', Onset(0.5, "hit, then slide", 0.25, 2.0)),
        ("0.5,hit,0.25", Onset(0.5, "hit", 0.25)),
        ("0.5,hit,,2", Onset(0.5, "hit", 1.0, 2.0)),
    ],
)
@pytest.mark.parametrize("around", ["{}", "# made by hand\n\n{}\r\n"])
def test_every_form_of_a_line_is_read(text, onset, around):
    assert list(OnsetTrack.from_csv(around.format(text))) == [onset]


@pytest.mark.parametrize("line", ["ceramic hit", "hit,0.5", "0.5,hit,loud", "0:05,hit"])
def test_a_line_without_numbers_is_an_error_that_names_it(line):
    with pytest.raises(InputError, match="line 2 "):
        OnsetTrack.from_csv(f"0.1,hit\n{line}")


@pytest.mark.parametrize(
    ("track", "message"),
    [
        ({"times": (0.2, 0.1)}, "comes before"),
        ({"times": (-0.1,)}, "times start at 0"),
        ({"times": (math.nan,)}, "give seconds as a number"),
        ({"times": (math.inf,)}, "give seconds as a number"),
        ({"times": (1.0,), "duration": 1.0}, "past the end of the clip"),
        ({"times": (), "duration": -1.0}, "0 or more seconds"),
        ({"times": (0.1, 0.2), "labels": ("hit",)}, "1 labels for 2 onsets"),
        ({"times": (0.1,), "gains": (-1.0,)}, "gains must be finite"),
        ({"times": (0.1,), "confidences": (math.nan,)}, "confidences must be finite"),
        ({"times": (0.1,), "confidences": (1.5,)}, "no probability; give 0 to 1"),
    ],
)
def test_what_is_no_track_is_an_error(track, message):
    with pytest.raises(InputError, match=message):
        OnsetTrack(**track)


def test_a_file_is_read_with_its_byte_order_mark(tmp_path):
    path = tmp_path / "onsets.csv"
    path.write_bytes(b"\xef\xbb\xbftime,label\n0.5,hit\n")
    assert OnsetTrack.read(path, duration=1.0) == OnsetTrack((0.5,), 1.0, ("hit",))


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00", b"0.5 hit\nnonsense"])
def test_a_file_that_cannot_be_read_is_an_error_that_names_it(tmp_path, content):
    path = tmp_path / "onsets.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match="onsets.csv"):
        OnsetTrack.read(path)


def test_a_file_of_another_clip_is_an_error(tmp_path):
    path = tmp_path / "onsets.csv"
    path.write_text("0.5,hit\n3.0,hit\n")
    with pytest.raises(InputError, match="onset 2 at 3 s is past the end"):
        OnsetTrack.read(path, duration=2.0)


def test_events_may_come_in_any_order():
    track = OnsetTrack.from_onsets([Onset(0.3, "b"), Onset(0.1, "a")])
    assert (track.times, track.labels) == ((0.1, 0.3), ("a", "b"))


@given(EVENTS, st.floats(0, 500), st.floats(0, 500))
def test_two_neighbouring_spans_hold_every_onset_between_them_once(events, start, length):
    track = OnsetTrack.from_onsets(events)
    middle, end = start + length / 2, start + length
    parts = [track.between(start, middle), track.between(middle, end)]
    assert sum(map(len, parts)) == len(track.between(start, end))


def test_between_counts_from_the_start_and_leaves_out_the_end():
    part = OnsetTrack((0.5, 1.0, 1.5, 2.0), labels=tuple("abcd")).between(1.0, 2.0)
    assert part == OnsetTrack((0.0, 0.5), 1.0, ("b", "c"))


def test_a_shorter_duration_than_the_onsets_is_an_error():
    with pytest.raises(InputError, match="past the end"):
        OnsetTrack((0.5,), 1.0).with_duration(0.4)


def test_impulses_stand_at_the_nearest_sample_with_the_gain_of_the_louder():
    track = OnsetTrack((0.1, 0.1004, 0.5), gains=(0.2, 0.7, 2.0))
    signal = track.impulses(1000, 600)
    assert signal.shape == (1, 600)
    assert signal[0].nonzero()[:, 0].tolist() == [100, 500]
    torch.testing.assert_close(signal[0, [100, 500]], torch.tensor([0.7, 2.0]))


def test_the_last_sample_can_hold_an_onset():
    assert OnsetTrack((0.99,), 1.0).impulses(100, 100)[0].nonzero().tolist() == [[99]]


def test_an_onset_that_rounds_past_the_last_sample_is_dropped():
    assert not OnsetTrack((0.9999,), 1.0).impulses(100, 100).any()

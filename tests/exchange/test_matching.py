import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncfusion.exchange import match, with_ids
from syncfusion.exchange.matching import NEAREST
from syncfusion.track import Onset, OnsetTrack

LABELS = st.sampled_from(["wood hit", "metal hit", ""])
TIMES = st.integers(0, 20_000).map(lambda ms: ms / 1000)
EVENTS = st.lists(
    st.builds(
        lambda time, label, gain, seed: Onset(time, label, 1.0, gain, {"seed": str(seed)}),
        TIMES,
        LABELS,
        st.sampled_from([0.25, 1.0, 1.5]),
        st.integers(0, 9),
    ),
    max_size=12,
)


def bare(track: OnsetTrack) -> OnsetTrack:
    """Times and labels alone, as a marker has them."""
    return OnsetTrack(track.times, labels=track.labels)


@given(EVENTS)
def test_nothing_changes_from_a_track_to_itself(events):
    track = with_ids(OnsetTrack.from_onsets(events))
    changes = match(track, track)
    assert changes.track == track
    assert str(changes) == "0 added, 0 moved, 0 deleted, 0 changed"


@given(EVENTS, EVENTS)
def test_every_event_is_accounted_for_once(olds, news):
    old, new = OnsetTrack.from_onsets(olds), OnsetTrack.from_onsets(news)
    changes = match(old, bare(new), bare(old))
    n_same = len(old) - len(changes.deleted)
    assert len(new) == n_same + len(changes.added)
    assert len(changes.track) == len(new)
    assert sorted(changes.track.labels) == sorted(new.labels)
    assert changes.track.times == pytest.approx(new.times, abs=2e-6)


@given(EVENTS, st.randoms(use_true_random=False))
def test_by_ids_any_edit_is_known(events, random):
    old = with_ids(OnsetTrack.from_onsets(events))
    kept = [event for event in old if random.random() < 0.7]
    edited = [event._replace(time=random.uniform(0, 20), label="new") for event in kept]
    changes = match(old, OnsetTrack.from_onsets(edited))
    assert len(changes.deleted) == len(old) - len(kept)
    assert changes.added == ()
    seeds = {event.extra["id"]: event.extra["seed"] for event in old}
    assert all(event.extra["seed"] == seeds[event.extra["id"]] for event in changes.track)


@given(st.lists(st.integers(0, 40), unique=True, max_size=12), st.randoms(use_true_random=False))
def test_by_label_and_time_small_moves_keep_everything(seconds, random):
    old = with_ids(
        OnsetTrack.from_onsets(
            [Onset(s + 0.5, "a", gain=0.5, extra={"seed": str(s)}) for s in seconds]
        )
    )
    moved = OnsetTrack([t + random.uniform(-0.24, 0.24) for t in old.times], labels=old.labels)
    changes = match(old, moved)
    assert (changes.added, changes.deleted, changes.changed) == ((), (), ())
    assert changes.track.extras == old.extras
    assert changes.track.gains == old.gains
    assert changes.track.times == pytest.approx(moved.times, abs=2e-6)


@given(EVENTS)
def test_ids_are_each_events_own_and_stay(events):
    track = OnsetTrack.from_onsets(events)
    named = with_ids(track)
    assert named == with_ids(track) == with_ids(named)
    assert len({extra["id"] for extra in named.extras}) == len(track)


def test_events_that_moved_together_keep_their_order():
    old = OnsetTrack([1.0, 1.2], labels=["a", "a"], extras=[{"seed": "1"}, {"seed": "2"}])
    changes = match(old, OnsetTrack([1.15, 1.35], labels=["a", "a"]))
    assert [extra["seed"] for extra in changes.track.extras] == ["1", "2"]
    assert len(changes.moved) == 2


def test_what_moved_too_far_is_another_event():
    old = OnsetTrack([1.0], labels=["a"], extras=[{"prompt": "x"}])
    changes = match(old, OnsetTrack([1.01 + NEAREST], labels=["a"]))
    assert (len(changes.added), len(changes.deleted)) == (1, 1)
    assert changes.track.extras[0].get("prompt") is None


def test_a_new_name_at_the_very_time_is_a_change():
    old = OnsetTrack([1.0], labels=["a"], extras=[{"prompt": "x"}])
    changes = match(old, OnsetTrack([1.0], labels=["b"]))
    [pair] = changes.changed
    assert pair.new == Onset(1.0, "b", extra={"prompt": "x"})


def test_a_copy_is_added_with_an_id_of_its_own():
    old = with_ids(OnsetTrack([1.0], labels=["a"]))
    [event] = old
    changes = match(old, OnsetTrack.from_onsets([event, event._replace(time=2.0)]))
    assert [added.time for added in changes.added] == [2.0]
    assert "id" not in changes.added[0].extra


def test_what_a_file_could_not_hold_is_no_change():
    old = OnsetTrack([1.013], labels=["a"], gains=[0.333])
    sent = OnsetTrack([1.0], labels=["a"], gains=[0.33])
    assert match(old, sent, sent).track == old
    louder = match(old, OnsetTrack([1.0], labels=["a"], gains=[0.5]), sent)
    assert louder.track.gains == (0.5,)
    assert louder.track.times == (1.013,)


def test_events_that_the_file_left_out_stay():
    old = OnsetTrack([1.0, 1.001], labels=["a", "a"], extras=[{"id": "1"}, {"id": "2"}])
    sent = OnsetTrack([1.0], labels=["a"])
    changes = match(old, sent, sent)
    assert changes.track == old
    assert changes.deleted == ()


def seconds_to_match(n: int) -> float:
    old = OnsetTrack([k * 0.05 for k in range(n)], labels=["a"] * n)
    new = OnsetTrack([t + 0.01 for t in old.times], labels=old.labels)
    start = time.process_time()
    assert len(match(old, new).moved) == n
    return time.process_time() - start


def test_the_time_of_matching_grows_with_the_number_of_events_and_not_with_its_square():
    few, many = (min(seconds_to_match(n) for _ in range(3)) for n in (500, 2000))
    assert many < 9 * few  # four times as many; sixteen would be the square


def test_an_event_that_moved_past_its_end_keeps_its_length():
    old = OnsetTrack([1.0], extras=[{"id": "a", "end": "1.5"}])
    changes = match(old, OnsetTrack([2.0], extras=[{"id": "a"}]))
    assert changes.track.extras[0]["end"] == "2.500000"
    assert str(changes) == "0 added, 1 moved, 0 deleted, 0 changed"

"""Seeds of events: an edit of one leaves all others as they are."""

from hypothesis import given
from hypothesis import strategies as st

from syncfusion.constants import MAX_SEED
from syncfusion.rendering.events.seeds import event_seeds

GIVEN = st.lists(st.none() | st.integers(0, 12), max_size=12)


def test_seeds_count_on_from_the_base_past_those_that_are_given():
    assert event_seeds([None, 6, None, None], 5) == [5, 6, 7, 8]
    assert event_seeds([None, None], MAX_SEED) == [MAX_SEED, 0]


@given(GIVEN, st.integers(0, 9))
def test_a_given_seed_stays_and_a_chosen_one_is_its_events_own(given_seeds, base):
    seeds = event_seeds(given_seeds, base)
    chosen = [seed for seed, own in zip(seeds, given_seeds, strict=True) if own is None]
    assert [s for s, own in zip(seeds, given_seeds, strict=True) if own is not None] == [
        own for own in given_seeds if own is not None
    ]
    assert len(set(chosen)) == len(chosen)
    assert set(chosen).isdisjoint(set(given_seeds))


@given(GIVEN, st.integers(0, 9), st.integers(0, 11))
def test_once_chosen_an_insertion_and_a_deletion_change_no_other(given_seeds, base, place):
    seeds, place = event_seeds(given_seeds, base), min(place, len(given_seeds))
    longer = event_seeds([*seeds[:place], None, *seeds[place:]], base)
    assert longer[:place] + longer[place + 1 :] == seeds
    assert event_seeds(seeds[:place], base) == seeds[:place]

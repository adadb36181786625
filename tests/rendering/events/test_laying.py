"""Takes on a timeline: sums that are exact to the last bit."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from syncfusion.constants import SAMPLE_RATE
from syncfusion.rendering.events.laying import BLOCK, Placed, full_scale, lay, peak_of
from syncfusion.rendering.events.takes import FULL_SCALE, LONGEST_ATTACK, Take, make_take
from syncfusion.timing import seeded

LENGTH = 2 * BLOCK + 12_345


def take(seed: int, n_samples: int = 3000, attack: int = 240) -> Take:
    return make_take(torch.randn(1, n_samples, generator=seeded(seed)), attack, str(seed))


EVENTS = st.lists(
    st.builds(
        lambda seed, sample, gain: Placed(take(seed), sample, gain),
        st.integers(0, 4),
        st.integers(0, LENGTH - 1) | st.sampled_from([0, BLOCK - 1, BLOCK, BLOCK + 239]),
        st.sampled_from([0.0, 0.3, 1.0, 2.0]),
    ),
    max_size=8,
)


def whole(placed, n_samples=LENGTH, gain=1.0):
    blocks = list(lay(sorted(placed, key=lambda each: each.sample), n_samples, gain))
    assert all(len(block) == BLOCK for block in blocks[:-1])
    return torch.cat(blocks)


@settings(max_examples=20, deadline=None)
@given(EVENTS)
def test_the_whole_is_the_sum_of_its_events(placed):
    alone = [whole([each]) for each in placed]
    expected = torch.stack(alone).sum(0) if alone else torch.zeros(LENGTH, dtype=torch.int64)
    assert torch.equal(whole(placed), expected)
    assert torch.equal(whole(placed[::-1]), expected)
    stems = whole(placed[::2]) + whole(placed[1::2])
    assert torch.equal(stems, expected)


def test_a_take_stands_with_its_attack_at_its_event():
    made = whole([Placed(take(0), 5000, 1.0)])
    expected = (take(0).samples[0] * FULL_SCALE).long()
    assert torch.equal(made[5000 - 240 : 5000 - 240 + 3000], expected)
    assert made.count_nonzero() == expected.count_nonzero()


def test_twice_the_gain_is_twice_every_sample_and_a_muted_event_adds_nothing():
    one, two, none = (whole([Placed(take(1), 9000, gain)]) for gain in (1.0, 2.0, 0.0))
    assert torch.equal(two, 2 * one)
    assert not none.any()


def test_an_event_that_moved_has_the_same_samples_elsewhere():
    places = (8000, BLOCK + 77)
    here, there = (whole([Placed(take(2), at, 0.7)])[at - 240 : at + 2760] for at in places)
    assert here.any()
    assert torch.equal(here, there)


@pytest.mark.parametrize("n_samples", [0, 1, 300, BLOCK, BLOCK + 1])
def test_a_sound_of_any_length_begins_and_ends_softly(n_samples):
    made = torch.cat(
        [torch.zeros(0, dtype=torch.int64), *lay([Placed(take(3, 600_000), 0, 1.0)], n_samples)]
    )
    assert len(made) == n_samples
    if n_samples:
        assert made[0] == made[-1] == 0


def test_what_is_within_full_scale_is_not_rounded_on_its_way_to_samples():
    block = torch.tensor([0, 1, -1, FULL_SCALE - 1, -FULL_SCALE])
    assert torch.equal((full_scale(block)[0].double() * FULL_SCALE).long(), block)
    assert peak_of([block, block[:2]]) == 1.0
    assert peak_of([]) == 0.0


def test_takes_are_loaded_when_they_are_due_and_not_before():
    loaded = []

    def placed():
        for number in range(60):
            loaded.append(number)
            yield Placed(take(number % 3), number * SAMPLE_RATE, 1.0)

    blocks = lay(placed(), 60 * SAMPLE_RATE)
    next(blocks)
    assert len(loaded) <= 2 + (BLOCK + LONGEST_ATTACK) // SAMPLE_RATE


def test_an_attack_that_is_too_long_is_an_error():
    with pytest.raises(ValueError, match="an attack is"):
        Take(torch.zeros(1, 9000), LONGEST_ATTACK + 1, "")

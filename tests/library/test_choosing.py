from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
import torch

from syncfusion.library import Cut, LibraryHit, LibraryIndex, Wish, choose
from syncfusion.library.choosing import CENTS

NONE = torch.zeros(512)


class Encoder:
    """Embeds every text as the first axis."""

    def embed(self, prompt):
        return torch.nn.functional.one_hot(torch.tensor(0), 512).float()

    embed_texts = embed_sounds = embed


def index(*named, agreements=None):
    """A library of hits with these words, or words and loudness."""
    pairs = [entry if isinstance(entry, tuple) else (entry, -12.0) for entry in named]
    hits = [LibraryHit(f"{n}.wav", 1, Cut(0, 9, 1), *pair) for n, pair in enumerate(pairs)]
    embeddings = torch.zeros(len(hits), 512)
    embeddings[:, 0] = torch.tensor(agreements or [0.0] * len(hits))
    return LibraryIndex(Path("lib"), tuple(hits), embeddings)


def chosen(library, wishes, seed=0):
    return [c and c.hit.file for c in choose(library, wishes, Encoder(), seed)]


def test_a_hit_of_the_events_material_is_chosen():
    library = index("metal hit", "wood knock", "glass")
    assert chosen(library, [Wish("wood hit"), Wish("glass hit")]) == ["1.wav", "2.wav"]


def test_a_word_that_no_vocabulary_knows_is_matched_by_name():
    assert chosen(index("metal hit", "cowbell low"), [Wish("cowbell")]) == ["1.wav"]


@pytest.mark.parametrize("text", ["water splash", "metal scratch"])
def test_nothing_is_chosen_where_nothing_suits(text):
    assert chosen(index("metal hit", "wood hit"), [Wish(text)]) == [None]


def test_any_hit_suits_an_event_without_a_text():
    files = chosen(index("metal hit", "wood hit"), [Wish("")] * 4)
    assert sorted(files) == ["0.wav", "0.wav", "1.wav", "1.wav"]


def test_prompt_agreement_decides_between_equal_names():
    library = index("wood hit", "wood hit", "wood hit", agreements=[-0.9, 0.9, -0.2])
    assert chosen(library, [Wish("wood hit")]) == ["1.wav"]


def test_alternatives_take_turns_and_none_is_heard_twice_in_a_row():
    files = chosen(index(*["wood hit"] * 4), [Wish("wood hit")] * 40)
    assert set(Counter(files).values()) == {10}
    assert all(one != other for one, other in pairwise(files))


def test_soft_events_get_soft_hits():
    library = index(*[("wood hit", level) for level in (-6, -7, -8, -20, -21, -22, -23)])
    soft = chosen(library, [Wish("wood hit", 0.2)] * 6)
    loud = chosen(library, [Wish("wood hit", 4.0)] * 6)
    assert set(soft) <= {"3.wav", "4.wav", "5.wav", "6.wav"}
    assert set(loud) <= {"0.wav", "1.wav", "2.wav"}


def test_a_hit_heard_again_is_detuned_within_bounds():
    first, second = choose(index("wood hit"), [Wish("wood hit")] * 2, Encoder())
    assert first is not None
    assert second is not None
    assert first.cents == 0
    assert 0 < abs(second.cents) <= CENTS


def test_the_same_seed_chooses_the_same():
    library, wishes = index(*["wood hit"] * 8), [Wish("wood hit")] * 8
    assert chosen(library, wishes, 3) == chosen(library, wishes, 3)
    assert chosen(library, wishes, 3) != chosen(library, wishes, 4)

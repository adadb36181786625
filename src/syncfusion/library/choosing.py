"""Which hit of a library sounds at which event: by label, prompt similarity and loudness."""

import math
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from syncfusion.library.index import LibraryHit, LibraryIndex
from syncfusion.prompt import PromptEncoder, parse_label

ALIKE = 0.25  # hits whose score is this close to the best are alternatives of each other
FEWEST = 3  # alternatives kept however far their loudness is from the one requested
WITHIN_DB = 4.0  # of the loudness requested
CENTS = 40.0  # a hit that is used again is detuned by at most this much
NAME = re.compile(r"(.+)#(\d+)@([+-]\d+(?:\.\d+)?)")
WORD = 0.5  # what a word in common counts beside the agreement of label and prompt


@dataclass(frozen=True)
class Wish:
    """What an event requires.

    Args:
        text: its prompt or label; empty where any hit suits.
        gain: linear, 1 for the track's usual loudness.
        kept: name of the choice that was made for it before, see ``Choice.name``; empty for none.
    """

    text: str
    gain: float = 1.0
    kept: str = ""


@dataclass(frozen=True)
class Choice:
    """A hit for an event.

    Args:
        hit: the hit.
        cents: by how much it is detuned, in hundredths of a semitone.
    """

    hit: LibraryHit
    cents: float = 0.0

    @property
    def name(self) -> str:
        """How it stands in an event file: file, number of the hit in it, detuning in cents."""
        return f"{self.hit.file}#{self.hit.number}@{self.cents:+.1f}"


def choose(
    index: LibraryIndex, wishes: Sequence[Wish], encoder: PromptEncoder, seed: int = 0
) -> list[Choice | None]:
    """Choose a hit for every event.

    A hit suits an event if neither its material nor its action contradicts the event's text, and
    its name shares a word, a material or an action with it. Of the suitable ones the best are
    ordered by prompt similarity; those near the requested loudness take turns, so that none is used
    twice in a row while there is another. An event keeps the choice that it has.

    Args:
        index: the library.
        wishes: one per event, in order of time.
        encoder: the one that made the index.
        seed: order in which alternatives take turns, and detuning.

    Returns:
        One choice per event; None where nothing suits.
    """
    texts = dict.fromkeys(wish.text for wish in wishes)
    alternatives = {text: _alternatives(index, text, encoder) for text in texts}
    numbers = {(hit.file, hit.number): place for place, hit in enumerate(index.hits)}
    rng, uses, previous = random.Random(seed), Counter[int](), dict[str, int]()
    choices: list[Choice | None] = []
    for wish in wishes:
        kept = _kept(wish.kept, index, numbers)
        if kept is not None:
            previous[wish.text] = numbers[kept.hit.file, kept.hit.number]
            uses[previous[wish.text]] += 1
            choices.append(kept)
            continue
        suited = _near(index, alternatives[wish.text], wish.gain)
        if not suited:
            choices.append(None)
            continue
        others = [number for number in suited if number != previous.get(wish.text)] or suited
        fewest = min(uses[number] for number in others)
        number = rng.choice([number for number in others if uses[number] == fewest])
        cents = rng.uniform(-CENTS, CENTS) if uses[number] else 0.0
        uses[number] += 1
        previous[wish.text] = number
        choices.append(Choice(index.hits[number], round(cents, 1)))
    return choices


def _kept(name: str, index: LibraryIndex, numbers: dict[tuple[str, int], int]) -> Choice | None:
    """Return the choice of this name if the library still has its hit."""
    found = NAME.fullmatch(name.strip())
    place = numbers.get((found[1], int(found[2]))) if found else None
    if found is None or place is None:
        return None
    return Choice(index.hits[place], max(-CENTS, min(CENTS, float(found[3]))))


def _alternatives(index: LibraryIndex, text: str, encoder: PromptEncoder) -> list[int]:
    """Return the numbers of the hits that suit a text about as well as the best of them."""
    if not text.strip():
        return list(range(len(index.hits)))
    embedding = encoder.embed(text).cpu()
    fits = torch.tensor([_fit(text, hit.words) for hit in index.hits])
    scores = fits + (index.embeddings @ embedding) / 2
    scores[fits <= 0] = -math.inf
    best = scores.max()
    return (scores >= best - ALIKE).nonzero()[:, 0].tolist() if best > -math.inf else []


def _fit(text: str, words: str) -> float:
    """Return how much of a text a hit's words share, 0 for nothing or a contradiction."""
    requested, offered = parse_label(text), parse_label(words)
    pairs = [(a, b) for a, b in zip(requested, offered, strict=True) if a >= 0 and b >= 0]
    if any(a != b for a, b in pairs):
        return 0.0
    common = set(text.casefold().split()) & set(words.casefold().split())
    return len(pairs) + WORD * len(common)


def _near(index: LibraryIndex, numbers: list[int], gain: float) -> list[int]:
    """Return the hits whose loudness beside their alternatives' is about the gain requested."""
    if len(numbers) <= FEWEST or gain <= 0:
        return numbers
    levels = torch.tensor([index.hits[number].loudness_db for number in numbers])
    distances = (levels - levels.median() - 20 * math.log10(gain)).abs()
    limit = max(WITHIN_DB, float(distances.sort().values[FEWEST - 1]))
    return [number for number, far in zip(numbers, distances.tolist(), strict=True) if far <= limit]

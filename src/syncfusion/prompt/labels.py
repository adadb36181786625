"""Labels of training sounds, which pairs of labels agree, and random texts for a label."""

import random
from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from syncfusion.constants import ACTIONS, MATERIALS
from syncfusion.prompt.vocabulary import NAMED, SUGGESTED, read_prompt

UNSAID = -1  # stands for a material or action that a label or text does not name
FILLER_WORDS = (
    "very nice cool cinematic close distant fast slow dry clean dark bright warm crisp hollow "
    "deep tiny huge please make like that this man woman person hand outdoor indoor evening "
    "something object thing kind style realistic game movie film scene one two three his her"
)
FILLERS = FILLER_WORDS.split()
LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Label(NamedTuple):
    """Index in MATERIALS and in ACTIONS, -1 where the label names none."""

    material: int = UNSAID
    action: int = UNSAID


def parse_label(text: str) -> Label:
    """Read 'metal hit', 'leaf None' or ''; of several materials the first listed counts."""
    concepts = read_prompt(text).concepts if text.strip() else frozenset()
    return Label(_first(MATERIALS, concepts), _first(ACTIONS, concepts))


def _first(names: Sequence[str], concepts: frozenset[str]) -> int:
    return next((i for i, name in enumerate(names) if name in concepts), UNSAID)


def label_tensor(labels: Sequence[Label]) -> Int[Tensor, "batch 2"]:
    """Stack labels, material first."""
    return torch.tensor(labels, dtype=torch.long).reshape(-1, 2)


def agreement(
    texts: Int[Tensor, "text 2"], sounds: Int[Tensor, "sound 2"]
) -> tuple[Bool[Tensor, "text sound"], Bool[Tensor, "text sound"]]:
    """Return which pairs fit and which clash.

    A text fits a sound if the sound's label has the material and action that the text names; the
    pair clashes if both name a material, or both an action, and these differ. Pairs that do
    neither, as the sound's label is incomplete, are ignored in training.
    """
    texts, sounds = texts[:, None], sounds[None]
    fits = ((texts == UNSAID) | (texts == sounds)).all(-1) & (texts != UNSAID).any(-1)
    clashes = ((texts != sounds) & (texts != UNSAID) & (sounds != UNSAID)).any(-1)
    return fits, clashes


def draw_text(label: Label, rng: random.Random) -> str:
    """Write a prompt for a label: synonyms, filler words and spelling mistakes, in any order.

    An empty label gives filler words only.
    """
    named = [MATERIALS[label.material]] if label.material != UNSAID else []
    named += [ACTIONS[label.action]] if label.action != UNSAID else []
    words = [_sometimes_misspelled(rng.choice(_forms(concept, named)), rng) for concept in named]
    fillers = rng.choices([*FILLERS, nonsense(rng)], k=rng.choice((0, 0, 1, 2)))
    words += fillers if words else [rng.choice(FILLERS)]
    rng.shuffle(words)
    return " ".join(words)


def _forms(concept: str, named: list[str]) -> list[str]:
    """Return words for a concept; words that only suggest it count if no other is named."""
    forms = [concept] * 4 + [word for word, meant in NAMED.items() if meant == (concept,)]
    if len(named) == 1:
        forms += [word for word, meant in SUGGESTED.items() if meant == (concept,)]
    return forms


def _sometimes_misspelled(word: str, rng: random.Random) -> str:
    return misspelled(word, rng) if rng.random() < 0.5 else word


def misspelled(word: str, rng: random.Random) -> str:
    """Leave out, double, replace or swap one letter; words under four letters stay."""
    if len(word) < 4:
        return word
    place = rng.randrange(len(word) - 1)
    before, here, after = word[:place], word[place], word[place + 1 :]
    changes = (
        before + after,
        before + here + here + after,
        before + rng.choice(LETTERS) + after,
        before + after[0] + here + after[1:],
    )
    return rng.choice(changes)


def nonsense(rng: random.Random) -> str:
    """Return a random word of 3 to 9 letters."""
    return "".join(rng.choices(LETTERS, k=rng.randint(3, 9)))

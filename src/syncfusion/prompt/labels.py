"""Labels of training sounds, which pairs of them agree, and texts that say the same."""

import random
from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from syncfusion.constants import ACTIONS, MATERIALS
from syncfusion.prompt.vocabulary import NAMED, SUGGESTED, read_prompt

UNSAID = -1  # a label or text that does not say the material or the action
FILLER_WORDS = (
    "very nice cool cinematic close distant fast slow dry clean dark bright warm crisp hollow "
    "deep tiny huge please make like that this man woman person hand outdoor indoor evening "
    "something object thing kind style realistic game movie film scene one two three his her"
)
FILLERS = FILLER_WORDS.split()
LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Label(NamedTuple):
    """Position in MATERIALS and in ACTIONS, -1 where the label does not say."""

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
    """Return which pairs belong together and which certainly do not.

    A text fits a sound if all it says is in the sound's label; the pair clashes if one thing that
    both say differs. Pairs that do neither (the sound's label is incomplete) teach nothing.
    """
    texts, sounds = texts[:, None], sounds[None]
    fits = ((texts == UNSAID) | (texts == sounds)).all(-1) & (texts != UNSAID).any(-1)
    clashes = ((texts != sounds) & (texts != UNSAID) & (sounds != UNSAID)).any(-1)
    return fits, clashes


def draw_text(label: Label, chance: random.Random) -> str:
    """Write a prompt for a label: synonyms, filler words and spelling mistakes, in any order.

    A label that says nothing gives filler words only.
    """
    said = [MATERIALS[label.material]] if label.material != UNSAID else []
    said += [ACTIONS[label.action]] if label.action != UNSAID else []
    words = [
        _sometimes_misspelled(chance.choice(_forms(concept, said)), chance) for concept in said
    ]
    fillers = chance.choices([*FILLERS, nonsense(chance)], k=chance.choice((0, 0, 1, 2)))
    words += fillers if words else [chance.choice(FILLERS)]
    chance.shuffle(words)
    return " ".join(words)


def _forms(concept: str, said: list[str]) -> list[str]:
    """Return the concept's name and the words for it; those that only suggest it if alone."""
    forms = [concept] * 4 + [word for word, meant in NAMED.items() if meant == (concept,)]
    if len(said) == 1:
        forms += [word for word, meant in SUGGESTED.items() if meant == (concept,)]
    return forms


def _sometimes_misspelled(word: str, chance: random.Random) -> str:
    return misspelled(word, chance) if chance.random() < 0.5 else word


def misspelled(word: str, chance: random.Random) -> str:
    """Leave out, double, replace or swap one letter; words under four letters stay."""
    if len(word) < 4:
        return word
    place = chance.randrange(len(word) - 1)
    before, here, after = word[:place], word[place], word[place + 1 :]
    changes = (
        before + after,
        before + here + here + after,
        before + chance.choice(LETTERS) + after,
        before + after[0] + here + after[1:],
    )
    return chance.choice(changes)


def nonsense(chance: random.Random) -> str:
    """Return 3 to 9 letters that mean nothing."""
    return "".join(chance.choices(LETTERS, k=chance.randint(3, 9)))

"""How figures stand on the page: under which heading, in which direction they are good."""

from typing import NamedTuple

SYNCHRONY, SET, PUBLISHED = "Single clips", "Whole set", "Published arithmetic"
PUBLISHED_WORDS = ("published", "paper")
LOWER_WORDS = ("distance", "error", "absolute", "fad", "frechet", "l1")
HIGHER_WORDS = ("f_measure", "f ", "precision", "recall", "accuracy", "agreement", "same")


class Look(NamedTuple):
    """What a page says of a figure.

    Args:
        name: for readers.
        unit: of its values; empty for none.
        better: "higher", "lower", or empty where neither is.
        group: heading it stands under.
    """

    name: str
    unit: str
    better: str
    group: str


def look(name: str, *, of_set: bool) -> Look:
    """Return how a figure is shown; one of unknown direction has no best."""
    words = name.lower()
    better = "lower" if any(word in words for word in LOWER_WORDS) else ""
    if not better and any(word in words for word in HIGHER_WORDS):
        better = "higher"
    group = SET if of_set else SYNCHRONY
    if any(word in words for word in PUBLISHED_WORDS):
        group = PUBLISHED
    return Look(name, "", better, group)

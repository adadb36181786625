"""How figures stand on the page: what they are called, and under which heading."""

from typing import NamedTuple

from syncfusion.evaluation.frechet import set_figure
from syncfusion.evaluation.metrics import FIGURES, PUBLISHED, QUALITY, SIDES, Figure

MAIN = "f_100ms"  # of clips: what the worst ten are worst by


class Heading(NamedTuple):
    """A group of figures: what stands above it, and whether it is open at first."""

    text: str
    is_open: bool = True


SETS = Heading("Fréchet distances of the whole set")
ARITHMETIC = Heading("Published arithmetic")
SOUND = Heading("Sound")
OTHERS = Heading("Other figures of clips")
ONSETS = {
    "": Heading("Onsets against the annotation"),
    "target_": Heading("Onsets against those heard in the target's sound", is_open=False),
    "excerpt_": Heading("Onsets of the first 2 s against the annotation", is_open=False),
}
ORDER = (ONSETS[""], ARITHMETIC, SOUND, SETS, ONSETS["target_"], ONSETS["excerpt_"], OTHERS)


class Look(NamedTuple):
    """What a page says of a figure."""

    figure: Figure
    heading: Heading


def look(name: str) -> Look:
    """Return how a figure of clips is shown; one of an unknown name says nothing but that."""
    if name not in FIGURES:
        return Look(Figure(name, ""), OTHERS)
    if name in PUBLISHED or name in QUALITY:
        return Look(FIGURES[name], ARITHMETIC if name in PUBLISHED else SOUND)
    side = max((prefix for prefix in SIDES if name.startswith(prefix)), key=len)
    return Look(FIGURES[name], ONSETS[side])


def set_look(name: str) -> Look:
    """Return how a figure of a whole set is shown."""
    return Look(set_figure(name), SETS)

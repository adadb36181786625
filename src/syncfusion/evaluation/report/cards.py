"""Everything the page says of one sound: its scores, its marks, and what to see and hear."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from syncfusion.evaluation.report.curves import onset_f
from syncfusion.evaluation.report.marks import OnsetMark, onset_marks
from syncfusion.evaluation.report.media import Preview, preview
from syncfusion.evaluation.results import ClipResult, Evaluation

TICK_STEPS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600)  # seconds
MOST_TICKS = 8


class Card(NamedTuple):
    """One sound of one system.

    Args:
        system: its row's name.
        style: number of the system.
        clip: what was judged.
        f: onset F-measure at the usual tolerance.
        marks: its onsets.
        shown: its picture and player.
        ticks: seconds, and their places on the picture in percent.
    """

    system: str
    style: int
    clip: ClipResult
    f: float
    marks: list[OnsetMark]
    shown: Preview
    ticks: list[tuple[str, float]]

    @property
    def files(self) -> list[Path]:
        """What the page has to hold or to link."""
        return [file for file in (self.shown.spectrogram, self.shown.player) if file]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many onsets are matched, missed and extra."""
        wanted = [mark.matched for mark in self.marks if mark.kind == "wanted"]
        heard = [mark.matched for mark in self.marks if mark.kind == "heard"]
        return {
            "matched": sum(wanted),
            "missed": len(wanted) - sum(wanted),
            "extra": len(heard) - sum(heard),
        }


def make_cards(evaluation: Evaluation, folder: Path) -> list[Card]:
    """Return a card for every sound of every system; their media lie in ``folder``."""
    return [
        _card(system.name, style, clip, preview(clip, folder, name=f"{style}-{number}"))
        for style, system in enumerate(evaluation.systems)
        for number, clip in enumerate(system.clips)
    ]


def _card(system: str, style: int, clip: ClipResult, shown: Preview) -> Card:
    marks = onset_marks(clip, seconds=shown.seconds)
    return Card(system, style, clip, onset_f(clip), marks, shown, time_ticks(shown.seconds))


def time_ticks(seconds: float) -> list[tuple[str, float]]:
    """Return round times along a picture, at most ``MOST_TICKS``, and their places in percent."""
    step = next((step for step in TICK_STEPS if seconds / step <= MOST_TICKS), seconds)
    times = [step * number for number in range(int(seconds / step) + 1)]
    return [(f"{time:g}", round(100 * time / seconds, 3)) for time in times]

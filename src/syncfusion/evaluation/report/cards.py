"""Content of a row of the clip table: scores, onset marks, picture and player."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from syncfusion.evaluation.report.curves import onset_f
from syncfusion.evaluation.report.media import Preview, preview
from syncfusion.evaluation.results import ClipResult, Evaluation
from syncfusion.onset import matched_onsets

TICK_STEPS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600)  # seconds
MOST_TICKS = 8


class OnsetMark(NamedTuple):
    """One onset on a picture.

    Args:
        kind: "reference" or "estimate".
        matched: whether the other list has a matching onset.
        time: seconds.
        place: position on the picture, percent of its width.
        text: tooltip.
    """

    kind: str
    matched: bool
    time: float
    place: float
    text: str


class Card(NamedTuple):
    """One sound of one system.

    Args:
        system: name of the system.
        style: index of the system.
        clip: result of the clip.
        f: onset F-measure at the default tolerance.
        marks: marks of its onsets.
        shown: its picture and player.
        ticks: labels in seconds and their positions on the picture in percent.
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
        """Media files of the card."""
        return [file for file in (self.shown.spectrogram, self.shown.player) if file]

    @property
    def counts(self) -> Mapping[str, int]:
        """Numbers of matched, missed and extra onsets."""
        reference = [mark.matched for mark in self.marks if mark.kind == "reference"]
        estimate = [mark.matched for mark in self.marks if mark.kind == "estimate"]
        return {
            "matched": sum(reference),
            "missed": len(reference) - sum(reference),
            "extra": len(estimate) - sum(estimate),
        }


def make_cards(evaluation: Evaluation, folder: Path) -> list[Card]:
    """Return a card per sound of every system; their media are written to ``folder``."""
    return [
        _card(system.name, style, clip, preview(clip, folder, name=f"{style}-{number}"))
        for style, system in enumerate(evaluation.systems)
        for number, clip in enumerate(system.clips)
    ]


def _card(system: str, style: int, clip: ClipResult, shown: Preview) -> Card:
    marks = onset_marks(clip, seconds=shown.seconds)
    return Card(system, style, clip, onset_f(clip), marks, shown, time_ticks(shown.seconds))


def time_ticks(seconds: float) -> list[tuple[str, float]]:
    """Return round times along a picture and their positions in percent.

    There are at most ``MOST_TICKS`` steps.
    """
    step = next((step for step in TICK_STEPS if seconds / step <= MOST_TICKS), seconds)
    times = [step * number for number in range(int(seconds / step) + 1)]
    return [(f"{time:g}", round(100 * time / seconds, 3)) for time in times]


def onset_marks(clip: ClipResult, *, seconds: float) -> list[OnsetMark]:
    """Return the marks of a clip, reference onsets first, on a picture of this many seconds."""
    pairs = matched_onsets(clip.reference, clip.estimate)
    marks = []
    for kind, track, matched in (
        ("reference", clip.reference, {reference for reference, _ in pairs}),
        ("estimate", clip.estimate, {estimate for _, estimate in pairs}),
    ):
        missing = "missed" if kind == "reference" else "extra"
        for number, onset in enumerate(track):
            outcome = "matched" if number in matched else missing
            text = f"{kind} at {onset.time:.3f} s: {outcome}"
            place = round(100 * onset.time / seconds, 3)
            marks.append(OnsetMark(kind, number in matched, onset.time, place, text))
    return marks

"""The onsets of one sound as marks on its picture: found, missed, or heard where none is."""

from typing import NamedTuple

from syncfusion.evaluation.results import ClipResult
from syncfusion.onset import matched_onsets


class OnsetMark(NamedTuple):
    """One onset on a picture.

    Args:
        kind: "wanted" or "heard".
        matched: whether the other side has one for it.
        time: seconds.
        place: of its time on the picture, percent of the width.
        text: what it says when pointed at.
    """

    kind: str
    matched: bool
    time: float
    place: float
    text: str


def onset_marks(clip: ClipResult, *, seconds: float) -> list[OnsetMark]:
    """Return the marks of a clip, wanted ones first, on a picture of this many seconds."""
    pairs = matched_onsets(clip.wanted, clip.heard)
    marks = []
    for kind, track, matched in (
        ("wanted", clip.wanted, {wanted for wanted, _ in pairs}),
        ("heard", clip.heard, {heard for _, heard in pairs}),
    ):
        missing = "missed" if kind == "wanted" else "extra"
        for number, onset in enumerate(track):
            verdict = "matched" if number in matched else missing
            text = f"{kind} at {onset.time:.3f} s: {verdict}"
            place = round(100 * onset.time / seconds, 3)
            marks.append(OnsetMark(kind, number in matched, onset.time, place, text))
    return marks

"""The figures of one clip: their names, which way they are better, and how they are computed.

A name without a prefix is of the onsets heard in the whole sound against the annotation;
``target_`` is the same against the onsets heard in the target's sound; ``excerpt_`` is against the
annotation over what the published evaluation hears; ``paper_`` is its own arithmetic over that.
"""

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from syncfusion.errors import InputError
from syncfusion.evaluation.envelope import envelope_distance
from syncfusion.evaluation.loudness import check_sound
from syncfusion.evaluation.paper_sound import published_scores
from syncfusion.evaluation.sync import synchrony
from syncfusion.media import Waveform
from syncfusion.track import OnsetTrack

Values = dict[str, float | None]  # by the names of figures; None where a clip does not have one

MS = 1000.0  # in a second; offsets are told in milliseconds


class Figure(NamedTuple):
    """What a number is.

    Args:
        title: what a table calls it.
        better: which way; "" where neither is.
        unit: "" for shares and other bare numbers.
    """

    title: str
    better: Literal["higher", "lower", ""] = "higher"
    unit: str = ""


SYNCHRONY = {
    "f_100ms": Figure("onset F ±100 ms"),
    "precision_100ms": Figure("precision ±100 ms"),
    "recall_100ms": Figure("recall ±100 ms"),
    "f_50ms": Figure("onset F ±50 ms"),
    "precision_50ms": Figure("precision ±50 ms"),
    "recall_50ms": Figure("recall ±50 ms"),
    "f_25ms": Figure("onset F ±25 ms"),
    "precision_25ms": Figure("precision ±25 ms"),
    "recall_25ms": Figure("recall ±25 ms"),
    "average_precision": Figure("average precision"),
    "same_number": Figure("number of onsets right"),
    "mean_offset": Figure("heard late by", "", "ms"),
    "mean_absolute_offset": Figure("heard off by", "lower", "ms"),
    "n_wanted": Figure("onsets wanted", ""),
    "n_heard": Figure("onsets heard", ""),
}
PUBLISHED = {
    "paper_average_precision": Figure("as published: average precision"),
    "paper_accuracy": Figure("as published: accuracy"),
    "paper_same_number": Figure("as published: number of onsets"),
}
QUALITY = {
    "envelope_distance": Figure("envelope distance E-L1", "lower"),
    "prompt_agreement": Figure("prompt agreement"),
    "material_accuracy": Figure("hits of the material named"),
    "action_accuracy": Figure("hits of the action named"),
    "loudness": Figure("loudness", "", "LUFS"),
    "peak": Figure("peak", "", "dBFS"),
    "clipped_samples": Figure("clipped samples", "lower"),
    "silent": Figure("silent sounds", "lower"),
}
SIDES = {"": "", "target_": ", against the target's sound", "excerpt_": ", first 2 s"}


def _all_figures() -> Iterator[tuple[str, Figure]]:
    for prefix, words in SIDES.items():
        for name, figure in SYNCHRONY.items():
            yield prefix + name, figure._replace(title=figure.title + words)
    yield from (PUBLISHED | QUALITY).items()


FIGURES: Mapping[str, Figure] = dict(_all_figures())  # of clips, in the order of a table
COMPARED = (
    "f_100ms",
    "f_50ms",
    "target_f_100ms",
    "paper_accuracy",
    "envelope_distance",
    "prompt_agreement",
)  # by which pairs of systems are tested


def synchrony_figures(wanted: OnsetTrack, heard: OnsetTrack, prefix: str = "") -> Values:
    """Compare onsets heard with onsets wanted.

    Args:
        wanted: the annotation, or the onsets heard in the target.
        heard: the onsets heard in the sound.
        prefix: of the figures' names, a key of ``SIDES``.

    Returns:
        The figures of ``SYNCHRONY``.
    """
    found = synchrony(wanted, heard)
    values: Values = {}
    for width in ("100ms", "50ms", "25ms"):
        scores = getattr(found, f"within_{width}")
        values |= {f"f_{width}": scores.f_measure, f"precision_{width}": scores.precision}
        values |= {f"recall_{width}": scores.recall}
    values |= {
        "average_precision": found.average_precision,
        "same_number": found.same_number,
        "mean_offset": _milliseconds(found.mean_offset),
        "mean_absolute_offset": _milliseconds(found.mean_absolute_offset),
        "n_wanted": float(found.n_reference),
        "n_heard": float(found.n_heard),
    }
    return {prefix + name: value for name, value in values.items()}


def published_figures(target: Waveform, sound: Waveform) -> Values:
    """Compare two sounds by the published arithmetic.

    Args:
        target: the recording, or what the published evaluation hears of it.
        sound: the same of the sound to judge.

    Returns:
        The figures of ``PUBLISHED``.
    """
    scores = published_scores(target, sound)
    return {f"paper_{name}": value for name, value in scores._asdict().items()}


def envelope_figures(target: Waveform, sound: Waveform) -> Values:
    """Compare the envelopes of two sounds; None where their lengths do not allow it."""
    try:
        return {"envelope_distance": envelope_distance(target, sound)}
    except InputError:
        return {"envelope_distance": None}


def level_figures(sound: Waveform) -> Values:
    """Measure how loud a sound is, and whether it clips; fails as ``check_sound`` does."""
    checks = check_sound(sound)
    return {
        "loudness": checks.loudness,
        "peak": checks.peak,
        "clipped_samples": float(checks.clipped_samples),
        "silent": float(checks.is_silent),
    }


def _milliseconds(seconds: float | None) -> float | None:
    return None if seconds is None else MS * seconds

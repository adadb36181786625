"""The metrics of one clip: names, titles, directions, and how they are computed.

A name without a prefix compares the onsets detected in the whole sound with the annotation;
``target_`` compares them with the onsets detected in the target's sound; ``excerpt_`` compares
with the annotation over the excerpt of the published evaluation; ``paper_`` is the published
arithmetic over that excerpt.
"""

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from torch.nn import functional

from syncfusion.errors import InputError
from syncfusion.evaluation.envelope import envelope_distance
from syncfusion.evaluation.loudness import check_sound
from syncfusion.evaluation.paper_sound import published_scores
from syncfusion.evaluation.sync import synchrony
from syncfusion.media import Waveform
from syncfusion.prompt import PromptEncoder
from syncfusion.track import OnsetTrack

Values = dict[str, float | None]  # by metric name; None where a metric is undefined for the clip

MS = 1000.0  # milliseconds per second


class Metric(NamedTuple):
    """Title, direction and unit of a metric.

    Args:
        title: its name in tables.
        better: "higher" or "lower"; "" if neither is better.
        unit: unit; "" for fractions and other bare numbers.
    """

    title: str
    better: Literal["higher", "lower", ""] = "higher"
    unit: str = ""


SYNCHRONY = {
    "f_100ms": Metric("onset F ±100 ms"),
    "precision_100ms": Metric("precision ±100 ms"),
    "recall_100ms": Metric("recall ±100 ms"),
    "f_50ms": Metric("onset F ±50 ms"),
    "precision_50ms": Metric("precision ±50 ms"),
    "recall_50ms": Metric("recall ±50 ms"),
    "f_25ms": Metric("onset F ±25 ms"),
    "precision_25ms": Metric("precision ±25 ms"),
    "recall_25ms": Metric("recall ±25 ms"),
    "average_precision": Metric("average precision"),
    "same_number": Metric("same number of onsets"),
    "mean_offset": Metric("mean offset", "", "ms"),
    "mean_absolute_offset": Metric("mean absolute offset", "lower", "ms"),
    "n_reference": Metric("reference onsets", ""),
    "n_estimate": Metric("estimated onsets", ""),
}
PUBLISHED = {
    "paper_average_precision": Metric("as published: average precision"),
    "paper_accuracy": Metric("as published: accuracy"),
    "paper_same_number": Metric("as published: number of onsets"),
}
QUALITY = {
    "envelope_distance": Metric("envelope distance E-L1", "lower"),
    "clap_score": Metric("CLAP score"),
    "prompt_similarity": Metric("prompt similarity"),
    "material_accuracy": Metric("material accuracy of hits"),
    "action_accuracy": Metric("action accuracy of hits"),
    "decay": Metric("median time to -30 dB of hits", "", "ms"),
    "loudness": Metric("loudness", "", "LUFS"),
    "peak": Metric("peak", "", "dBFS"),
    "clipped_samples": Metric("clipped samples", "lower"),
    "silent": Metric("silent sounds", "lower"),
}
SIDES = {"": "", "target_": ", against the target's sound", "excerpt_": ", first 2 s"}


def _all_metrics() -> Iterator[tuple[str, Metric]]:
    for prefix, words in SIDES.items():
        for name, metric in SYNCHRONY.items():
            yield prefix + name, metric._replace(title=metric.title + words)
    yield from (PUBLISHED | QUALITY).items()


METRICS: Mapping[str, Metric] = dict(_all_metrics())  # of single clips, in table order
COMPARED = (
    "f_100ms",
    "f_50ms",
    "target_f_100ms",
    "paper_accuracy",
    "envelope_distance",
    "clap_score",
    "prompt_similarity",
)  # metrics of the paired tests


def synchrony_metrics(reference: OnsetTrack, estimate: OnsetTrack, prefix: str = "") -> Values:
    """Compare estimated onsets with reference onsets.

    Args:
        reference: the annotation, or the onsets detected in the target's sound.
        estimate: the onsets detected in the sound.
        prefix: prefix of the metrics' names, a key of ``SIDES``.

    Returns:
        The metrics of ``SYNCHRONY`` by name.
    """
    measured = synchrony(reference, estimate)
    values: Values = {}
    for width in ("100ms", "50ms", "25ms"):
        scores = getattr(measured, f"within_{width}")
        values |= {f"f_{width}": scores.f_measure, f"precision_{width}": scores.precision}
        values |= {f"recall_{width}": scores.recall}
    values |= {
        "average_precision": measured.average_precision,
        "same_number": measured.same_number,
        "mean_offset": _milliseconds(measured.mean_offset),
        "mean_absolute_offset": _milliseconds(measured.mean_absolute_offset),
        "n_reference": float(measured.n_reference),
        "n_estimate": float(measured.n_estimate),
    }
    return {prefix + name: value for name, value in values.items()}


def published_metrics(target: Waveform, sound: Waveform) -> Values:
    """Compare two sounds by the published arithmetic.

    Args:
        target: the recording, or its published excerpt.
        sound: the generated sound, cut likewise.

    Returns:
        The metrics of ``PUBLISHED`` by name.
    """
    scores = published_scores(target, sound)
    return {f"paper_{name}": value for name, value in scores._asdict().items()}


def envelope_metrics(target: Waveform, sound: Waveform) -> Values:
    """Compare the envelopes of two sounds; None if their lengths differ too much."""
    try:
        return {"envelope_distance": envelope_distance(target, sound)}
    except InputError:
        return {"envelope_distance": None}


def loudness_metrics(sound: Waveform) -> Values:
    """Measure loudness, peak, clipping and silence; raises as ``check_sound`` does."""
    checks = check_sound(sound)
    return {
        "loudness": checks.loudness,
        "peak": checks.peak,
        "clipped_samples": float(checks.clipped_samples),
        "silent": float(checks.is_silent),
    }


def prompt_similarity(encoder: PromptEncoder, prompt: str | Waveform, sound: Waveform) -> float:
    """Return the cosine similarity of a prompt's and a sound's embedding; for CLAP, the CLAP score.

    Args:
        encoder: encoder of both; values of two encoders are not comparable.
        prompt: the text or the reference sound that the sound was rendered from.
        sound: the rendered sound.

    Returns:
        -1 to 1.

    Raises:
        InputError: if the sound or the prompt is empty or silent.
    """
    return float(functional.cosine_similarity(encoder.embed(prompt), encoder.embed(sound), dim=0))


def _milliseconds(seconds: float | None) -> float | None:
    return None if seconds is None else MS * seconds

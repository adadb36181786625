"""Scoring: metrics of the sounds of a system, clip by clip."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, NamedTuple

from syncfusion.errors import InputError
from syncfusion.evaluation.classifier import HitClassifier
from syncfusion.evaluation.decay import median_decay
from syncfusion.evaluation.metrics import (
    Values,
    envelope_metrics,
    loudness_metrics,
    prompt_similarity,
    published_metrics,
    synchrony_metrics,
)
from syncfusion.evaluation.paper_sound import EXCERPT_SECONDS, published_excerpt
from syncfusion.evaluation.results import ClipResult, SystemResult
from syncfusion.evaluation.sound_files import read_sound
from syncfusion.evaluation.sync import detect_sound_onsets
from syncfusion.hits import cut_hits
from syncfusion.media import Waveform
from syncfusion.progress import Progress, ignore
from syncfusion.prompt import ClapPromptEncoder, PromptEncoder
from syncfusion.track import OnsetTrack

LENGTH_TOLERANCE = 0.1  # seconds by which sound and clip may differ without a problem
Excerpt = Literal["none", "start", "silenced start"]


class TargetClip(NamedTuple):
    """A clip that sounds are scored against.

    Args:
        name: name of the clip.
        reference: its annotated onsets; their duration is the clip's.
        sound: its own sound, 48 kHz mono; None for a silent video.
        video: video to show it with; None for none.
    """

    name: str
    reference: OnsetTrack
    sound: Waveform | None
    video: Path | None = None


class Candidate(NamedTuple):
    """A sound to score.

    Args:
        sound: its file.
        prompt: the text or sound it was rendered from; None if unknown.
        label: intended label of all its hits; "" for the annotation's label of each hit.
        onsets: the onsets it was rendered from; None for those of the annotation.
    """

    sound: Path
    prompt: str | Waveform | None = None
    label: str = ""
    onsets: OnsetTrack | None = None


@dataclass(frozen=True, kw_only=True)
class Scorer:
    """Settings of the scoring.

    Args:
        excerpt: part of the sound for the published metrics: "start" is the first 2 s, "silenced
            start" the same with silence before the first onset, "none" the whole sound.
        encoder: encoder for the similarity of prompt and sound; None to skip that metric.
        classifiers: classifiers of the material or the action of hits.
    """

    excerpt: Excerpt = "none"
    encoder: PromptEncoder | None = None
    classifiers: Sequence[HitClassifier] = field(default=())

    def excerpt_of(self, sound: Waveform, target: TargetClip) -> Waveform:
        """Return the part of a sound that the published metrics are computed from."""
        if self.excerpt == "none":
            return sound
        silenced = self.excerpt == "silenced start" and len(target.reference)
        return published_excerpt(sound, target.reference.times[0] if silenced else None)


def score_system(
    name: str,
    targets: Sequence[TargetClip],
    candidates: Mapping[str, Candidate],
    scorer: Scorer,
    *,
    settings: Mapping[str, Any] | None = None,
    problems: Sequence[str] = (),
    kind: Literal["model", "control", "recording"] = "model",
    progress: Progress = ignore,
) -> SystemResult:
    """Score the sounds of a system.

    Args:
        name: name of the row.
        targets: all clips.
        candidates: the sounds by clip name.
        scorer: settings of the scoring.
        settings: settings the sounds were rendered with, as far as known.
        problems: problems found earlier.
        kind: kind of the system, see ``SystemResult``.
        progress: called after every clip.

    Returns:
        The metrics of the clips that could be scored, without set metrics, and a problem for every
        other clip and every anomaly.
    """
    clips, sentences = [], list(problems)
    for number, target in enumerate(targets, 1):
        candidate = candidates.get(target.name)
        try:
            if candidate is not None:
                clip, anomalies = score_clip(target, candidate, scorer)
                clips.append(clip)
                sentences += anomalies
        except InputError as error:
            sentences.append(f"{error}; left out")
        progress(f"Scoring {name}", number, len(targets))
    if len(clips) == 1:
        sentences.append("a single clip allows no paired test")
    return SystemResult(
        name=name,
        settings=settings or {},
        clips=tuple(clips),
        problems=tuple(sentences),
        kind=kind,
    )


def score_clip(
    target: TargetClip, candidate: Candidate, scorer: Scorer
) -> tuple[ClipResult, list[str]]:
    """Score one sound.

    Args:
        target: the clip.
        candidate: the sound.
        scorer: settings of the scoring.

    Returns:
        Its metrics, and one sentence per anomaly.

    Raises:
        InputError: if the annotation is empty or the sound cannot be read.
    """
    if not len(target.reference):
        raise InputError(f"{target.name}: its annotation is empty")
    sound, anomalies = read_sound(candidate.sound)
    problems = [*anomalies, *_length_problems(target, candidate.sound, sound)]
    estimate = detect_sound_onsets(sound)
    metrics = synchrony_metrics(target.reference, estimate)
    if target.sound is not None:
        metrics |= _against(target.sound, target, sound, estimate, scorer)
    metrics |= loudness_metrics(sound) | _similarity(candidate, sound, scorer)
    metrics |= _of_hits(target, candidate, sound, scorer.classifiers)
    clip = ClipResult(
        name=target.name,
        sound=candidate.sound,
        video=target.video,
        reference=target.reference,
        estimate=estimate,
        metrics=metrics,
    )
    return clip, problems


def _against(
    own: Waveform, target: TargetClip, sound: Waveform, estimate: OnsetTrack, scorer: Scorer
) -> Values:
    """Compare with the target's own sound: the whole sounds, and the published excerpts."""
    metrics = synchrony_metrics(detect_sound_onsets(own), estimate, "target_")
    metrics |= envelope_metrics(own, sound)
    excerpt = scorer.excerpt_of(sound, target)
    metrics |= published_metrics(scorer.excerpt_of(own, target), excerpt)
    if scorer.excerpt != "none":
        reference = target.reference.between(0.0, EXCERPT_SECONDS)
        metrics |= synchrony_metrics(reference, detect_sound_onsets(excerpt), "excerpt_")
    return metrics


def _similarity(candidate: Candidate, sound: Waveform, scorer: Scorer) -> Values:
    name = "clap_score" if isinstance(scorer.encoder, ClapPromptEncoder) else "prompt_similarity"
    if scorer.encoder is None or candidate.prompt is None or not sound.samples.any():
        return {name: None}
    return {name: prompt_similarity(scorer.encoder, candidate.prompt, sound)}


def _of_hits(
    target: TargetClip, candidate: Candidate, sound: Waveform, classifiers: Sequence[HitClassifier]
) -> Values:
    """Return how fast hits decay, and which fraction of them each classifier labels correctly."""
    track = target.reference
    if candidate.label:
        track = target.reference if candidate.onsets is None else candidate.onsets
        track = replace(track, labels=(candidate.label,) * len(track))
    hits = cut_hits(sound, track, target.name)
    metrics: Values = {"decay": median_decay(hits, sound.sample_rate)}
    for classifier in classifiers:
        try:
            fraction = classifier.accuracy(hits, sample_rate=sound.sample_rate).accuracy
        except InputError:  # no audible hit has such a label
            fraction = None
        metrics[f"{classifier.part}_accuracy"] = fraction
    return metrics


def _length_problems(target: TargetClip, path: Path, sound: Waveform) -> list[str]:
    duration = target.reference.duration
    if duration is None or abs(duration - sound.duration) <= LENGTH_TOLERANCE:
        return []
    return [f"{path.name}: it lasts {sound.duration:.2f} s, its clip {duration:.2f} s"]

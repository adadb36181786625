"""Scoring: the sounds of a system, clip by clip, against what they should be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, NamedTuple

from syncfusion.errors import InputError
from syncfusion.evaluation.classifier import HitClassifier
from syncfusion.evaluation.metrics import (
    Values,
    envelope_figures,
    level_figures,
    published_figures,
    synchrony_figures,
)
from syncfusion.evaluation.paper_sound import EXCERPT_SECONDS, published_excerpt
from syncfusion.evaluation.prompt_agreement import prompt_agreement
from syncfusion.evaluation.results import ClipResult, SystemResult
from syncfusion.evaluation.sound_files import read_judged
from syncfusion.evaluation.sync import heard_onsets
from syncfusion.hits import cut_hits
from syncfusion.media import Waveform
from syncfusion.progress import Progress, ignore
from syncfusion.prompt import PromptEncoder
from syncfusion.track import OnsetTrack

LENGTH_TOLERANCE = 0.1  # seconds a sound may be longer or shorter than its clip unsaid
Excerpt = Literal["none", "start", "silenced start"]


class Target(NamedTuple):
    """What the sound of a clip is judged by.

    Args:
        name: of the clip.
        wanted: its annotation; the duration is the clip's.
        sound: its own, 48 kHz mono; None for a silent video.
        video: to show it with.
    """

    name: str
    wanted: OnsetTrack
    sound: Waveform | None
    video: Path | None = None


class Take(NamedTuple):
    """A sound to judge.

    Args:
        sound: its file.
        prompt: what it was made from, where that is known.
        label: what all its hits are meant to be; "" for what the annotation says of each.
        given: the onsets it was made from; None for those of the annotation.
    """

    sound: Path
    prompt: str | Waveform | None = None
    label: str = ""
    given: OnsetTrack | None = None


@dataclass(frozen=True, kw_only=True)
class Judge:
    """How sounds are judged.

    Args:
        excerpt: what the published evaluation hears: "start" is the first 2 s, "silenced start"
            the same without what comes before the first onset, "none" is the whole sound.
        encoder: of prompts and sounds, for their agreement; None for none.
        classifiers: that name the material or the action of a hit.
    """

    excerpt: Excerpt = "none"
    encoder: PromptEncoder | None = None
    classifiers: Sequence[HitClassifier] = field(default=())

    def excerpt_of(self, sound: Waveform, target: Target) -> Waveform:
        """Return what the published evaluation hears of a sound."""
        if self.excerpt == "none":
            return sound
        silenced = self.excerpt == "silenced start" and len(target.wanted)
        return published_excerpt(sound, target.wanted.times[0] if silenced else None)


def score_system(
    name: str,
    targets: Sequence[Target],
    takes: Mapping[str, Take],
    judge: Judge,
    *,
    settings: Mapping[str, Any] | None = None,
    problems: Sequence[str] = (),
    progress: Progress = ignore,
) -> SystemResult:
    """Judge the sounds of a system.

    Args:
        name: row of the table.
        targets: of all clips.
        takes: the sounds, by the clips' names.
        judge: how.
        settings: how the sounds were made, as far as known.
        problems: found before.
        progress: told after every clip.

    Returns:
        The figures of the clips that could be judged; a sentence for each that could not, and for
        whatever looks wrong. No set figures.
    """
    found, told = [], list(problems)
    for number, target in enumerate(targets, 1):
        take = takes.get(target.name)
        try:
            if take is not None:
                clip, remarks = score_clip(target, take, judge)
                found.append(clip)
                told += remarks
        except InputError as error:
            told.append(f"{error}; left out")
        progress(f"Judging {name}", number, len(targets))
    if len(found) == 1:
        told.append("one clip alone has neither intervals nor tests")
    return SystemResult(
        name=name, settings=settings or {}, clips=tuple(found), problems=tuple(told)
    )


def score_clip(target: Target, take: Take, judge: Judge) -> tuple[ClipResult, list[str]]:
    """Judge one sound.

    Args:
        target: what it should be.
        take: the sound.
        judge: how.

    Returns:
        Its figures, and a sentence for whatever looks wrong.

    Raises:
        InputError: if the clip has no annotated onset or the sound cannot be read.
    """
    if not len(target.wanted):
        raise InputError(f"{target.name}: its annotation is empty")
    sound, remarks = read_judged(take.sound)
    problems = [*remarks, *_length_problems(target, take.sound, sound)]
    heard = heard_onsets(sound)
    figures = synchrony_figures(target.wanted, heard)
    if target.sound is not None:
        figures |= _against(target.sound, target, sound, heard, judge)
    figures |= level_figures(sound) | _agreement(take, sound, judge)
    figures |= _named(target, take, sound, judge.classifiers)
    clip = ClipResult(
        name=target.name,
        sound=take.sound,
        video=target.video,
        wanted=target.wanted,
        heard=heard,
        figures=figures,
    )
    return clip, problems


def _against(
    own: Waveform, target: Target, sound: Waveform, heard: OnsetTrack, judge: Judge
) -> Values:
    """Compare with the target's own sound; and over the excerpt with both."""
    figures = synchrony_figures(heard_onsets(own), heard, "target_")
    figures |= envelope_figures(own, sound)
    excerpt = judge.excerpt_of(sound, target)
    figures |= published_figures(judge.excerpt_of(own, target), excerpt)
    if judge.excerpt != "none":
        wanted = target.wanted.between(0.0, EXCERPT_SECONDS)
        figures |= synchrony_figures(wanted, heard_onsets(excerpt), "excerpt_")
    return figures


def _agreement(take: Take, sound: Waveform, judge: Judge) -> Values:
    if judge.encoder is None or take.prompt is None or not sound.samples.any():
        return {"prompt_agreement": None}
    return {"prompt_agreement": prompt_agreement(judge.encoder, take.prompt, sound)}


def _named(
    target: Target, take: Take, sound: Waveform, classifiers: Sequence[HitClassifier]
) -> Values:
    """Return the share of a sound's hits that each classifier names rightly."""
    track = target.wanted
    if take.label:
        track = target.wanted if take.given is None else take.given
        track = replace(track, labels=(take.label,) * len(track))
    hits = cut_hits(sound, track, target.name) if classifiers else []
    figures: Values = {}
    for classifier in classifiers:
        try:
            share = classifier.accuracy(hits, sample_rate=sound.sample_rate).accuracy
        except InputError:  # no hit that can be heard has such a label
            share = None
        figures[f"{classifier.part}_accuracy"] = share
    return figures


def _length_problems(target: Target, path: Path, sound: Waveform) -> list[str]:
    lasts = target.wanted.duration
    if lasts is None or abs(lasts - sound.duration) <= LENGTH_TOLERANCE:
        return []
    return [f"{path.name}: it lasts {sound.duration:.2f} s, its clip {lasts:.2f} s"]

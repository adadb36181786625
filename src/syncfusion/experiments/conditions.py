"""Conditions: the onsets and the prompt that a clip's sound is rendered from."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from syncfusion.constants import SAMPLE_RATE, SILENT_PEAK
from syncfusion.errors import InputError
from syncfusion.evaluation import TargetClip
from syncfusion.experiments.protocols import Protocol
from syncfusion.media import Waveform
from syncfusion.shards import Example, Recording, as_text, cut_clips, hit_spans
from syncfusion.track import OnsetTrack

ONSETS = ("annotated", "predicted")
PROMPTS = ("reference", "other", "text")
HITS_PER_LABEL = 20  # upper limit per label, for the prompt "other"


class Request(NamedTuple):
    """A clip to render a sound for.

    Args:
        target: the clip that the sound is scored against.
        onsets: the onsets to render.
        prompt: a text or a reference sound.
        label: label of the prompt; "" if unknown.
    """

    target: TargetClip
    onsets: OnsetTrack
    prompt: str | Waveform
    label: str


@dataclass(frozen=True, kw_only=True)
class ConditionChoice:
    """Which onsets and which prompt a system gets.

    Args:
        onsets: "annotated", or "predicted" by a detector.
        prompt: "reference", a hit of the clip itself, as published; "other", a hit of the same
            label from another clip; "text", a label: that of the hit that "reference" would use, or
            the clip's most frequent label if that hit has none.
        seed: seed of the choice of the hit.

    Raises:
        ValueError: if a value is not one of these.
    """

    onsets: str = "annotated"
    prompt: str = "reference"
    seed: int = 0

    def __post_init__(self) -> None:
        if self.onsets not in ONSETS or self.prompt not in PROMPTS:
            raise ValueError(
                f"onsets are {' or '.join(ONSETS)} and prompts {', '.join(PROMPTS)}, "
                f"not {self.onsets!r} and {self.prompt!r}"
            )


class KnownHit(NamedTuple):
    """A hit that can serve as reference prompt of other clips."""

    clip: str
    sound: Waveform


def collect_hits(recording: Recording, known: dict[str, list[KnownHit]]) -> None:
    """Add the first audible hit of each label of a recording to the known hits.

    Args:
        recording: recording of the training or the test split.
        known: hits by label; at most ``HITS_PER_LABEL`` per label.
    """
    seen = set()
    for span in hit_spans(recording.waveform, recording.track):
        label = as_text(span.label)
        others = known.setdefault(label, [])
        if label in seen or not span.audible or len(others) >= HITS_PER_LABEL:
            continue
        seen.add(label)
        own = span.within(recording.waveform)
        others.append(KnownHit(recording.name, Waveform(own.samples.clone(), own.sample_rate)))


def make_request(
    recording: Recording,
    condition: ConditionChoice,
    protocol: Protocol,
    *,
    hits: Mapping[str, Sequence[KnownHit]] | None = None,
    video: Path | None = None,
) -> Request:
    """Cut the clip of a recording and choose its onsets and prompt.

    Args:
        recording: the recording, with predicted onsets if the condition requires them.
        condition: onsets and prompt to use.
        protocol: how to cut.
        hits: hits of other clips by label, for the prompt "other".
        video: video of the recording.

    Returns:
        The clip with its onsets and prompt.

    Raises:
        InputError: if there is no clip, or a requirement of the condition is missing.
    """
    annotated = recording._replace(predicted=None, embeddings=None)
    by_sound, by_text = (
        _only_clip(annotated, condition, protocol, by_text=is_text) for is_text in (False, True)
    )
    target = TargetClip(
        recording.name, by_sound.onsets, Waveform(by_sound.waveform, SAMPLE_RATE), video
    )
    onsets = by_sound.onsets
    if condition.onsets == "predicted":
        onsets = _predicted(recording, condition, protocol)
    label = by_text.prompt.text
    if condition.prompt == "reference":
        own = by_sound.prompt.sound  # cut where the clip ends
        if not (own.abs() >= SILENT_PEAK).any():
            raise InputError(f"{recording.name}: its reference hit is silent within the clip")
        return Request(target, onsets, Waveform(own, SAMPLE_RATE), label)
    label = label or _most_frequent(target)
    if condition.prompt == "text":
        return Request(target, onsets, label, label)
    return Request(target, onsets, _other(recording.name, label, hits or {}, condition.seed), label)


def _only_clip(
    recording: Recording, condition: ConditionChoice, protocol: Protocol, *, by_text: bool
) -> Example:
    rng = random.Random(f"{condition.seed}/{recording.name}")
    slicing = protocol.slicing(recording, by_text=by_text)
    clip = next(cut_clips(recording, slicing, rng), None)
    if clip is None:
        where = "in its first 2 s" if slicing.onset_check_length else "in it"
        raise InputError(f"{recording.name}: no onset {where} that is audible")
    return clip


def _predicted(recording: Recording, condition: ConditionChoice, protocol: Protocol) -> OnsetTrack:
    if recording.predicted is None:
        raise InputError(
            f"{recording.name}: it has no predicted onsets; syncfusion evaluate onset writes them"
        )
    return _only_clip(
        recording._replace(embeddings=None), condition, protocol, by_text=False
    ).onsets


def _most_frequent(target: TargetClip) -> str:
    labels = Counter(filter(None, map(as_text, target.reference.labels)))
    if not labels:
        raise InputError(f"{target.name}: none of its onsets has a label for a text prompt")
    return labels.most_common(1)[0][0]


def _other(clip: str, label: str, hits: Mapping[str, Sequence[KnownHit]], seed: int) -> Waveform:
    others = [hit.sound for hit in hits.get(label, ()) if hit.clip != clip]
    if not others:
        raise InputError(f"{clip}: no other clip has a hit of {label!r}")
    return random.Random(f"{seed}/{clip}").choice(others)

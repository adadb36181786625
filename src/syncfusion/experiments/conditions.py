"""Conditions: the onsets and the prompt that a clip's sound is made from."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from syncfusion.constants import SAMPLE_RATE, SILENT_PEAK
from syncfusion.errors import InputError
from syncfusion.evaluation import Target
from syncfusion.experiments.protocols import Protocol
from syncfusion.media import Waveform
from syncfusion.shards import Example, Recording, as_text, cut_clips, hit_spans
from syncfusion.track import OnsetTrack

ONSETS = ("annotated", "predicted")
PROMPTS = ("reference", "other", "text")
HITS_PER_LABEL = 20  # that references of other clips are chosen among


class Request(NamedTuple):
    """A clip to make the sound of.

    Args:
        target: what its sound should be.
        given: the onsets to make it from.
        prompt: a text or a reference sound.
        label: what that is of; "" where it is not known.
    """

    target: Target
    given: OnsetTrack
    prompt: str | Waveform
    label: str


@dataclass(frozen=True, kw_only=True)
class Condition:
    """What sounds are made from.

    Args:
        onsets: "annotated", or "predicted" by a detector.
        prompt: "reference", a hit of the clip itself, as published; "other", one of the same label
            from another clip; "text", a label: that of the hit that "reference" takes, or the
            clip's commonest where it has none.
        seed: of the choice of the hit.

    Raises:
        ValueError: if one is none of these.
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
    """A hit that can show others how to sound."""

    clip: str
    sound: Waveform


def collect_hits(recording: Recording, known: dict[str, list[KnownHit]]) -> None:
    """Add the first hit of each label of a recording to those that are known.

    Args:
        recording: of the training or the test split.
        known: by label; a label that has enough of them gets no more.
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
    condition: Condition,
    protocol: Protocol,
    *,
    hits: Mapping[str, Sequence[KnownHit]] | None = None,
    video: Path | None = None,
) -> Request:
    """Cut the clip of a recording, and say what its sound is to be made from.

    Args:
        recording: with predicted onsets where the condition wants them.
        condition: what to make sounds from.
        protocol: how to cut.
        hits: of other clips, by label; only the prompt "other" takes one.
        video: of the recording.

    Returns:
        The clip.

    Raises:
        InputError: if it has no clip or lacks what the condition wants; one sentence.
    """
    annotated = recording._replace(predicted=None, embeddings=None)
    shown, named = (
        _only_clip(annotated, condition, protocol, by_text=by_text) for by_text in (False, True)
    )
    target = Target(recording.name, shown.onsets, Waveform(shown.waveform, SAMPLE_RATE), video)
    given = shown.onsets
    if condition.onsets == "predicted":
        given = _predicted(recording, condition, protocol)
    label = named.prompt.text
    if condition.prompt == "reference":
        own = shown.prompt.sound  # cut where the clip ends
        if not (own.abs() >= SILENT_PEAK).any():
            raise InputError(f"{recording.name}: the hit to refer to is silent within the clip")
        return Request(target, given, Waveform(own, SAMPLE_RATE), label)
    label = label or _commonest(target)
    if condition.prompt == "text":
        return Request(target, given, label, label)
    return Request(target, given, _other(recording.name, label, hits or {}, condition.seed), label)


def _only_clip(
    recording: Recording, condition: Condition, protocol: Protocol, *, by_text: bool
) -> Example:
    chance = random.Random(f"{condition.seed}/{recording.name}")
    slicing = protocol.slicing(recording, by_text=by_text)
    clip = next(cut_clips(recording, slicing, chance), None)
    if clip is None:
        where = "in its first 2 s" if slicing.onset_check_length else "in it"
        raise InputError(f"{recording.name}: no onset {where} that can be heard")
    return clip


def _predicted(recording: Recording, condition: Condition, protocol: Protocol) -> OnsetTrack:
    if recording.predicted is None:
        raise InputError(
            f"{recording.name}: there are no predicted onsets of it; "
            "sh script/test-onset.sh writes them"
        )
    return _only_clip(
        recording._replace(embeddings=None), condition, protocol, by_text=False
    ).onsets


def _commonest(target: Target) -> str:
    labels = Counter(filter(None, map(as_text, target.wanted.labels)))
    if not labels:
        raise InputError(f"{target.name}: no onset of it has a label to make a text of")
    return labels.most_common(1)[0][0]


def _other(clip: str, label: str, hits: Mapping[str, Sequence[KnownHit]], seed: int) -> Waveform:
    others = [hit.sound for hit in hits.get(label, ()) if hit.clip != clip]
    if not others:
        raise InputError(f"{clip}: no other clip has a hit of {label!r}")
    return random.Random(f"{seed}/{clip}").choice(others)

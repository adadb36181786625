"""Recordings cut into the clips that stage 2 trains on, as the published code cuts them."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from syncfusion.constants import CLIP_SAMPLES, SAMPLE_RATE
from syncfusion.shards.embeddings import EncoderIdentity, as_text
from syncfusion.shards.recording import Recording
from syncfusion.shards.references import RULES, Span, choose_reference, hit_spans
from syncfusion.timing import sample_index
from syncfusion.track import OnsetTrack


@dataclass(frozen=True, kw_only=True)
class Slicing:
    """How a recording becomes clips. The names are the published ones.

    Args:
        chunk_size: samples of a clip at 48 kHz.
        shift_augment: whether the clips of a recording begin at a random offset.
        cut_prefix: whether the sound before the first onset of a clip is silenced.
        one_chunk_per_track: whether only a recording's first clip is used.
        onset_check_length: samples from its start in which a clip needs an onset, or it is left
            out; None for the whole clip.
        reference: "label" shows how a clip sounds by another hit of the same label, "clip" by one
            of its own (published); see ``references.choose_reference``. As published, one of its
            own ends with the clip; an embedding in the shard is that of the whole hit.
        text_fraction: fraction of clips with a labelled hit that are prompted by its text and not
            by a reference sound; the published training has 0.

    Raises:
        ValueError: if one is out of its range.
    """

    chunk_size: int = CLIP_SAMPLES
    shift_augment: bool = True
    cut_prefix: bool = True
    one_chunk_per_track: bool = False
    onset_check_length: int | None = None
    reference: str = "label"
    text_fraction: float = 0.5

    def __post_init__(self) -> None:
        if self.chunk_size < 1 or not 0 <= self.text_fraction <= 1:
            raise ValueError(
                f"chunk_size is 1 or more and text_fraction 0 to 1, not {self.chunk_size} "
                f"and {self.text_fraction}"
            )
        if self.reference not in RULES:
            raise ValueError(f"reference is {' or '.join(RULES)}, not {self.reference!r}")


class Prompt(NamedTuple):
    """The prompt of a clip: ``text`` where there is one, else ``sound``.

    ``embedding`` is its vector by ``encoder``; None where the shard holds none.
    """

    text: str
    sound: Float[Tensor, "1 _time"]
    embedding: Float[Tensor, "512"] | None
    encoder: EncoderIdentity | None


class Example(NamedTuple):
    """One clip of a recording with its condition and prompt; times count from its start."""

    name: str
    waveform: Float[Tensor, "1 time"]
    onsets: OnsetTrack
    prompt: Prompt


def cut_clips(recording: Recording, slicing: Slicing, rng: random.Random) -> Iterator[Example]:
    """Cut a recording into clips that do not overlap.

    Args:
        recording: any length; one shorter than a clip is followed by silence.
        slicing: how.
        rng: source of the offset, the references and the choice of texts.

    Yields:
        The clips with an audible onset, in order. Their onsets are the predicted
        ones where the recording has some, the annotated ones otherwise.
    """
    size = slicing.chunk_size
    samples = recording.waveform.samples
    if samples.shape[1] < size:
        samples = functional.pad(samples, (0, size - samples.shape[1]))
    length = samples.shape[1]
    condition = recording.track if recording.predicted is None else recording.predicted
    spans = hit_spans(recording.waveform, recording.track)
    shift = rng.randint(0, length % size) if slicing.shift_augment else 0
    n_clips = 1 if slicing.one_chunk_per_track else length // size
    for start in range(shift, shift + n_clips * size, size):
        inside = [i for i, span in enumerate(spans) if start <= span.start < start + size]
        if not inside or spans[inside[0]].start - start >= (slicing.onset_check_length or size):
            continue
        shown = _ended(spans, start + size) if slicing.reference == "clip" else spans
        prompt = _choose_prompt(recording, shown, inside, slicing, rng)
        if prompt is not None:
            clip = samples[:, start : start + size].clone()
            if slicing.cut_prefix:
                clip[:, : spans[inside[0]].start - start] = 0
            yield Example(recording.name, clip, _within(condition, start, size), prompt)


def _within(track: OnsetTrack, start: int, size: int) -> OnsetTrack:
    """Return the onsets whose samples lie in a clip, on exactly those samples."""
    placed = [(sample_index(onset.time, SAMPLE_RATE) - start, onset) for onset in track]
    kept = [onset._replace(time=i / SAMPLE_RATE) for i, onset in placed if 0 <= i < size]
    return OnsetTrack.from_onsets(kept, size / SAMPLE_RATE)


def _ended(spans: Sequence[Span], end: int) -> list[Span]:
    return [span._replace(end=min(span.end, end)) for span in spans]


def _choose_prompt(
    recording: Recording,
    spans: Sequence[Span],
    inside: Sequence[int],
    slicing: Slicing,
    rng: random.Random,
) -> Prompt | None:
    chosen = choose_reference(spans, inside, slicing.reference, rng)
    if chosen is None:
        return None
    target, shown = chosen
    stored = recording.embeddings
    encoder = None if stored is None else stored.encoder
    text = as_text(spans[target].label)
    if text and rng.random() < slicing.text_fraction:
        vector = None if stored is None else stored.texts[text]
        return Prompt(text, torch.zeros(1, 0), vector, encoder)
    sound = spans[shown].within(recording.waveform).samples.clone()
    return Prompt("", sound, None if stored is None else stored.hits[shown], encoder)

import random
from collections import Counter

import pytest
import torch

from helpers.shard_files import LABELS, TIMES, recording
from syncfusion.constants import CLIP_SAMPLES
from syncfusion.media.audio import Waveform
from syncfusion.shards.references import Span, choose_reference, hit_spans
from syncfusion.track import OnsetTrack

SPANS = [Span(100 * i, 100 * i + 100, label, True) for i, label in enumerate(LABELS)]


def chosen(in_clip, rule, spans=SPANS):
    """How often each pair of target and reference is chosen."""
    rng = random.Random(0)
    return Counter(choose_reference(spans, in_clip, rule, rng) for _ in range(400))


def test_a_hit_lasts_until_the_next_onset_or_the_end():
    found = recording()
    spans = hit_spans(found.waveform, found.track)
    assert [span.start for span in spans] == [round(48_000 * time) for time in TIMES]
    assert [span.end for span in spans] == [*(span.start for span in spans[1:]), 15_360]
    assert [span.label for span in spans] == list(LABELS)


def test_a_hit_is_never_longer_than_a_clip():
    found = Waveform(torch.ones(1, 2 * CLIP_SAMPLES), 48_000)
    [span] = hit_spans(found, OnsetTrack((0.5,)))
    assert (span.start, span.end) == (24_000, 24_000 + CLIP_SAMPLES)


def test_silence_and_what_lies_past_the_end_cannot_be_heard():
    samples = torch.zeros(1, 4800)
    samples[0, 2000] = 2e-5
    spans = hit_spans(Waveform(samples, 48_000), OnsetTrack((0.0, 0.04, 0.04, 0.06, 0.2)))
    assert [span.audible for span in spans] == [False, False, True, False, False]


def test_the_clip_itself_gives_the_reference_as_published():
    assert set(chosen([1, 2, 3], "clip")) == {(1, 1), (2, 2), (3, 3)}


def test_another_hit_of_the_label_gives_the_reference_from_outside_the_clip():
    assert set(chosen([1, 2], "label")) == {(1, 5), (2, 0)}


def test_every_other_hit_of_the_label_is_as_likely():
    spans = [span._replace(label="wood hit") for span in SPANS]
    counts = chosen([0], "label", spans)
    assert set(counts) == {(0, other) for other in range(1, 6)}
    assert min(counts.values()) > 50


def test_a_hit_without_a_label_or_without_another_is_its_own_reference():
    assert set(chosen([3], "label")) == {(3, 3)}
    assert set(chosen([0, 2], "label")) == {(0, 0), (2, 2)}


@pytest.mark.parametrize("rule", ["label", "clip"])
def test_what_cannot_be_heard_is_neither_target_nor_reference(rule):
    spans = [*SPANS[:5], SPANS[5]._replace(audible=False)]
    assert set(chosen([1, 5], rule, spans)) == {(1, 1)}
    assert set(chosen([5], rule, spans)) == {None}

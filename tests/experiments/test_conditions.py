"""What sounds are made from: onsets and prompts of each condition, cut as each protocol says."""

import pytest
import torch

from helpers.struck_sounds import LABELS, RATE, SECONDS, TIMES, struck, track
from syncfusion.composition import EXP, compose
from syncfusion.constants import CLIP_SAMPLES
from syncfusion.errors import InputError
from syncfusion.experiments.conditions import ConditionChoice, KnownHit, collect_hits, make_request
from syncfusion.experiments.protocols import Protocol
from syncfusion.experiments.resources import Resources
from syncfusion.experiments.row import TableRow
from syncfusion.media.audio import Waveform
from syncfusion.shards.recording import Recording
from syncfusion.track import OnsetTrack

WHOLE, PUBLISHED = Protocol(kind="whole"), Protocol(kind="published", silence_prefix=True)
PREDICTED = OnsetTrack((0.35, 1.2, 6.0))


def recording(name: str = "a", **changes) -> Recording:
    return Recording(name, struck(seed=ord(name)), track())._replace(**changes)


def long(first: float) -> Recording:
    times = [first, first + 1, 7.0]
    return Recording("long", struck(times, seconds=8.0), OnsetTrack(times, labels=["rock hit"] * 3))


def test_a_whole_clip_is_all_of_the_recording_with_all_onsets():
    request = make_request(recording(), ConditionChoice(), WHOLE)
    torch.testing.assert_close(request.target.sound.samples, recording().waveform.samples)
    assert request.onsets.times == pytest.approx(TIMES)
    assert request.onsets == request.target.reference
    assert request.onsets.duration == SECONDS


def test_the_published_clip_is_the_first_chunk():
    request = make_request(long(1.0), ConditionChoice(), PUBLISHED)
    assert request.target.sound.samples.shape == (1, CLIP_SAMPLES)
    assert request.target.reference.times == pytest.approx((1.0, 2.0))
    assert request.target.reference.duration == pytest.approx(CLIP_SAMPLES / RATE)
    assert request.target.sound.samples[:, : round(0.9 * RATE)].any() == torch.tensor(False)


def test_a_recording_that_begins_late_has_no_published_clip():
    with pytest.raises(InputError, match="long: no onset in its first 2 s"):
        make_request(long(2.5), ConditionChoice(), PUBLISHED)
    assert len(make_request(long(2.5), ConditionChoice(), WHOLE).onsets) == 3


def test_the_reference_is_a_hit_of_the_clip_and_ends_at_the_next():
    request = make_request(recording(), ConditionChoice(), WHOLE)
    position = LABELS.index(request.label) if LABELS.count(request.label) == 1 else None
    spans = [(0.3, 0.8), (0.8, 1.3), (1.3, 1.7), (1.7, SECONDS)]
    own = recording().waveform.samples
    hits = [own[:, round(start * RATE) : round(end * RATE)] for start, end in spans]
    same = [index for index, hit in enumerate(hits) if torch.equal(hit, request.prompt.samples)]
    assert len(same) == 1
    assert position in (None, same[0])
    assert LABELS[same[0]] == request.label


def test_text_is_the_label_of_the_hit_that_would_be_the_reference():
    for seed in range(6):
        by_text, by_sound = (
            make_request(recording(), ConditionChoice(prompt=prompt, seed=seed), WHOLE)
            for prompt in ("text", "reference")
        )
        assert by_text.prompt == by_text.label == by_sound.label


def test_text_is_the_commonest_label_where_the_hit_has_none():
    labels = ("None hit", "wood hit", "None", "wood hit")
    track_ = OnsetTrack(TIMES, labels=labels)
    for seed in range(6):
        condition = ConditionChoice(prompt="text", seed=seed)
        assert make_request(recording(track=track_), condition, WHOLE).prompt == "wood hit"
    with pytest.raises(InputError, match="a: none of its onsets has a label"):
        make_request(recording(track=OnsetTrack(TIMES)), ConditionChoice(prompt="text"), WHOLE)


def test_another_hit_is_of_the_same_label_and_never_of_the_same_clip():
    known: dict[str, list[KnownHit]] = {}
    for name in "abc":
        collect_hits(recording(name), known)
    assert {label: len(hits) for label, hits in known.items()} == {
        "wood hit": 3,
        "metal hit": 3,
        "wood scratch": 3,
    }
    for seed in range(6):
        condition = ConditionChoice(prompt="other", seed=seed)
        request = make_request(recording(), condition, WHOLE, hits=known)
        others = [hit.sound.samples for hit in known[request.label] if hit.clip != "a"]
        assert any(torch.equal(request.prompt.samples, other) for other in others)


def test_without_another_hit_of_the_label_a_clip_is_left_out():
    known: dict[str, list[KnownHit]] = {}
    collect_hits(recording(), known)
    with pytest.raises(InputError, match=r"a: no other clip has a hit of '(wood|metal)"):
        make_request(recording(), ConditionChoice(prompt="other"), WHOLE, hits=known)


def test_predicted_onsets_are_given_and_annotated_ones_wanted():
    condition = ConditionChoice(onsets="predicted")
    request = make_request(recording(predicted=PREDICTED), condition, WHOLE)
    assert request.onsets.times == pytest.approx((0.35, 1.2))  # the third is past the end
    assert request.target.reference.times == pytest.approx(TIMES)
    with pytest.raises(
        InputError, match=r"a: it has no predicted onsets; syncfusion evaluate onset"
    ):
        make_request(recording(), condition, WHOLE)


def test_a_clip_in_which_nothing_was_predicted_is_still_a_clip():
    condition = ConditionChoice(onsets="predicted")
    request = make_request(recording(predicted=OnsetTrack(())), condition, WHOLE)
    assert (len(request.onsets), request.onsets.duration) == (0, SECONDS)


def test_a_silent_recording_is_left_out():
    silent = Waveform(torch.zeros(1, round(SECONDS * RATE)), RATE)
    with pytest.raises(InputError, match="a: no onset in it that is audible"):
        make_request(recording(waveform=silent), ConditionChoice(), WHOLE)


@pytest.mark.parametrize("path", sorted((EXP / "experiment").glob("table*.yaml")), ids=str)
def test_every_row_of_a_table_is_described_in_eight_lines(path):
    row = TableRow.from_config(compose([f"+experiment={path.stem}"]))
    assert len(path.read_text().splitlines()) <= 8
    assert row.protocol.kind == "published"
    assert row.protocol.silence_prefix == path.stem.startswith("table2")
    if row.weights == "trained":
        assert row.condition.onsets == ("annotated" if "table2" in path.stem else "predicted")


ONSETS = ("annotated", "predicted", "predicted_augment")
PROMPTS = ("reference", "other", "text")
PROTOCOLS = ("published", "published_table3", "whole")
PAIRWISE = [  # every pair of choices of two groups occurs once (a Latin square)
    (onsets, prompt, PROTOCOLS[(row + column) % 3])
    for row, onsets in enumerate(ONSETS)
    for column, prompt in enumerate(PROMPTS)
]


@pytest.mark.parametrize(("onsets", "prompt", "protocol"), PAIRWISE)
def test_every_condition_goes_with_every_protocol(onsets, prompt, protocol):
    row = TableRow.from_config(
        compose([f"onsets={onsets}", f"prompts={prompt}", f"protocol={protocol}"])
    )
    assert onsets.startswith(row.condition.onsets)
    assert row.condition.prompt == prompt
    assert protocol.startswith(row.protocol.kind)
    assert row.name == f"{row.condition.onsets} onsets, {prompt}"


def test_the_hits_of_recordings_are_cut_once_for_all_rows_of_a_test_set(monkeypatch):
    cut = []
    monkeypatch.setattr(
        "syncfusion.experiments.distances.cut_hits", lambda _, track, name: cut.append(name) or []
    )
    rows = [TableRow.from_config(compose(["protocol=whole", f"prompts={p}"])) for p in PROMPTS]
    targets = [make_request(recording(name), ConditionChoice(), WHOLE).target for name in "ab"]
    shared = Resources()
    hits = [shared.recorded_hits(row, targets[: 1 + n]) for n, row in enumerate(rows)]
    assert cut == ["a", "b"]
    assert [*hits[-1]] == ["a", "b"]
    shared.recorded_hits(TableRow.from_config(compose(["protocol=published"])), targets[:1])
    assert cut == ["a", "b", "a"]


def test_no_group_takes_the_place_of_a_training_setting():
    assert compose(["prompt=FOLDER"], primary="train_compact")["prompt"] == "FOLDER"


def test_the_command_line_has_the_last_word_on_an_experiment():
    changes = ["+experiment=table2_audio", "protocol=whole", "seed=3", "row=mine"]
    row = TableRow.from_config(compose(changes))
    assert (row.protocol.kind, row.condition.seed, row.name) == ("whole", 3, "mine")
    assert row.folder.as_posix().endswith("sounds/mine")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("sead=3", "sead"),
        ("protocol=hole", "Available options in 'protocol': published"),
        ("rows=[", "does not fit"),
        ("weights=best", "weights are 'best'; give trained, random or none"),
        ("onsets.kind=guessed", "onsets are annotated or predicted"),
        ("protocol.kind=half", "the protocol is published or whole, not 'half'"),
        ("steps=few", "steps is 'few'; give a number"),
        ("seed=null", "seed is None; give a number"),
        ("row='!'", "a row cannot be called '!'"),
    ],
)
def test_a_change_that_does_not_fit_is_told_in_one_sentence(change, message):
    with pytest.raises(InputError) as told:
        TableRow.from_config(compose([change]))
    assert message in str(told.value)
    assert "\n" not in str(told.value)

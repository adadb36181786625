import math

import pytest
import torch

from syncfusion.errors import InputError
from syncfusion.evaluation.classifier import held_out_accuracy, train_classifier
from syncfusion.hits import Hit, cut_hits
from syncfusion.media.audio import read_audio
from syncfusion.timing import seeded
from syncfusion.track import OnsetTrack

RATE = 48_000
PITCHES = {"metal": 3000.0, "wood": 300.0, "glass": 8000.0}


def hit(label, source="clip", seed=0, gain=1.0):
    """A decaying tone, whose pitch is the material, in noise; a scratch lasts longer."""
    time = torch.arange(RATE // 3) / RATE
    decay = 0.2 if "scratch" in label else 0.03
    tone = torch.sin(2 * math.pi * PITCHES.get(label.partition(" ")[0], 1000.0) * time)
    noise = 0.1 * torch.randn(len(time), generator=seeded(seed))
    return Hit(gain * (tone + noise) * torch.exp(-time / decay), label, source)


def recordings(labels, n_recordings=4, per_label=3):
    """Hits of several recordings, all of which have every label."""
    return [
        hit(label, f"clip {n}", seed=100 * n + m)
        for n in range(n_recordings)
        for m in range(per_label)
        for label in labels
    ]


LABELS = ("metal hit", "wood hit", "wood scratch", "glass hit")
TRAINING = recordings(LABELS)


@pytest.mark.parametrize("part", ["material", "action"])
def test_audible_differences_are_learned(part):
    found = train_classifier(TRAINING, part=part).accuracy(recordings(LABELS, 1))
    assert found.accuracy == 1
    assert (found.n, found.n_recordings) == (12, 1)


def test_words_are_those_of_the_data_set():
    unseen = [hit("metal hit", seed=7), hit("wood scratch", seed=8)]
    assert train_classifier(TRAINING).predict(unseen) == ["metal", "wood"]
    assert train_classifier(TRAINING, part="action").predict(unseen) == ["hit", "scratch"]


def test_the_level_of_a_hit_does_not_matter():
    classifier = train_classifier(TRAINING)
    soft = [hit(label, seed=9, gain=1e-4) for label in LABELS]
    assert classifier.predict(soft) == ["metal", "wood", "wood", "glass"]
    assert classifier.predict([]) == []


def test_the_majority_baseline_names_the_most_frequent_training_label():
    classifier = train_classifier(TRAINING)
    labelled = [hit("wood hit"), hit("metal hit"), hit("metal scratch"), hit("glass hit")]
    assert classifier.majority == "wood"
    assert classifier.accuracy(labelled).majority_baseline == 1 / 4


def test_wrong_sounds_are_wrong():
    mislabelled = [hit("metal hit")._replace(label="glass hit")]
    assert train_classifier(TRAINING).accuracy(mislabelled).accuracy == 0


def test_hits_without_the_label_are_left_out():
    partly = [hit("metal hit"), hit("None hit"), hit("wood None"), hit("")]
    assert train_classifier(TRAINING).accuracy(partly).n == 2


def test_held_out_recordings_are_named_right_where_recordings_are_alike():
    found = held_out_accuracy(TRAINING)
    assert found == (1.0, 1 / 2, 48, 4)


def test_a_label_of_one_recording_only_cannot_be_named_when_that_is_held_out():
    others = recordings(("metal hit", "wood hit"), n_recordings=3)
    lonely = [hit("glass hit", "lonely clip", seed) for seed in range(6)]
    assert train_classifier([*others, *lonely]).accuracy(lonely).accuracy == 1
    assert held_out_accuracy([*others, *lonely]).accuracy == pytest.approx(18 / 24)


def test_one_material_is_nothing_to_learn():
    with pytest.raises(InputError, match="have the material 'wood'"):
        train_classifier([hit("wood hit"), hit("wood scratch")])


def test_a_fold_with_one_material_is_refused_too():
    with pytest.raises(InputError, match="to train on have the material"):
        held_out_accuracy([hit("wood hit", "one"), hit("metal hit", "two")])


def test_unlabelled_hits_are_refused():
    with pytest.raises(InputError, match="none of the 1 hits has a label"):
        train_classifier([hit("")])


def test_one_recording_cannot_be_held_out():
    with pytest.raises(InputError, match="two or more"):
        held_out_accuracy([hit("wood hit"), hit("metal hit")])


@pytest.mark.slow
def test_on_real_hits_it_is_better_than_chance(greatest_hits):
    hits = []
    for path in sorted((greatest_hits / "times").glob("*_times.txt")):
        name = path.stem.removesuffix("_times")
        sound = read_audio(
            greatest_hits / "videos" / f"{name}_mic.mp4", sample_rate=RATE, mono=True
        )
        hits += cut_hits(sound, OnsetTrack.read(path), name)
    for part, margin in (("material", 0.1), ("action", 0.05)):
        found = held_out_accuracy(hits, part=part)
        assert found.accuracy > found.majority_baseline + margin

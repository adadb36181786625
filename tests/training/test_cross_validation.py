import numpy as np
import pytest

from syncfusion.onset.motion.curve import OnsetCurve
from syncfusion.track import OnsetTrack
from syncfusion.training import cross_validation as module
from syncfusion.training.cross_validation import TRAINED, cross_validate
from syncfusion.training.fold_scores import (
    ScoredClip,
    describe_cross_validation,
    peak_outcomes,
    summarise_folds,
)

TIMES = np.arange(120) / 30
ONSETS = (0.5, 1.5, 2.5, 3.5)


def scored(name, fold, height=0.9, onsets=ONSETS, wrong=(), wrong_height=0.1):
    """A clip whose curve has humps of these heights at its onsets, and at other times."""
    curve = np.full(len(TIMES), 0.01)
    for time, peak in [(t, height) for t in ONSETS] + [(t, wrong_height) for t in wrong]:
        curve = np.maximum(curve, peak * np.exp(-0.5 * ((TIMES - time) / 0.04) ** 2))
    return ScoredClip(name, fold, OnsetCurve(TIMES, curve, 4.0), OnsetTrack(onsets, 4.0))


def test_right_curves_score_one_and_wrong_ones_nothing():
    held = [scored("a", 0), scored("b", 1), scored("c", 1, onsets=(1.0, 2.0))]
    result = summarise_folds(held, [scored("trained", 0)])
    assert [score.f_measure for score in result.scores] == [1.0, 1.0, 0.0]
    assert result.f_50 == [1.0, 1.0, 0.0]
    assert result.f_training == 1.0
    assert result.names == ["a", "b", "c"]


def test_a_fold_s_threshold_is_chosen_on_the_other_folds():
    high = [scored(f"high {n}", 0, 0.9, wrong=(1.0, 2.0, 3.0), wrong_height=0.7) for n in range(2)]
    low = [scored(f"low {n}", 1, 0.4, wrong=(1.0, 2.0, 3.0), wrong_height=0.2) for n in range(2)]
    result = summarise_folds([*high, *low], [])
    assert result.thresholds[1] > 0.7  # what suits the clips of fold 0
    assert 0.2 < result.thresholds[0] < 0.4
    assert [score.recall for score in result.scores] == [1.0, 1.0, 0.0, 0.0]
    assert result.scores[0].precision == pytest.approx(4 / 7)


def test_training_clips_are_scored_at_the_threshold_of_their_fold():
    held = [scored("a", 0, 0.9), scored("b", 1, 0.9)]
    assert summarise_folds(held, [scored("quiet", 0, 0.03)]).f_training == 0.0
    assert np.isnan(summarise_folds(held, []).f_training)


def test_every_peak_is_right_or_wrong():
    heights, correct = peak_outcomes([scored("a", 0, wrong=(1.0, 3.0))])
    assert len(heights) == 6
    by_height = dict(zip(np.round(heights, 1), correct, strict=True))
    assert by_height == {0.9: True, 0.1: False}


def test_the_table_holds_means_intervals_and_the_calibration():
    held = [
        scored("a", 0, wrong=(1.0, 3.0)),
        scored("b", 1, wrong=(1.0,), wrong_height=0.2),
        scored("c", 1, onsets=ONSETS[:3]),
        scored("d", 1, onsets=ONSETS[:3]),
    ]
    lines = describe_cross_validation(summarise_folds(held, held[:1]), held).splitlines()
    assert lines[0] == "| metric | mean | 95 % |"
    assert lines[2] == "| F ±100 ms | 0.901 | 0.86–0.96 |"  # the mean of 1, 8/9, 6/7 and 6/7
    assert "| recall | 1.000 |  |" in lines, "equal values show no spread"
    assert any(line.startswith("calibration: ") for line in lines)


def test_finished_folds_are_read_and_not_trained_again(tmp_path, monkeypatch):
    trained, said = [], []

    def train(config, changes, output, fold, n_folds):
        trained.append(fold)
        return [f"held {fold}"], [f"fitted {fold}"], fold

    def write(file, held, fitted, net):
        found = {}
        for name in (*held, *(f"{TRAINED}{each}" for each in fitted)):
            clip = scored(name, net)
            found[name] = np.stack([clip.curve.times, clip.curve.probabilities])
            found |= {f"{name}/onsets": clip.reference.times, f"{name}/duration": 4.0}
        np.savez(file, **found)

    monkeypatch.setattr(module, "_run_fold", train)
    monkeypatch.setattr(module, "_write", write)
    for _ in range(2):
        held, fitted = cross_validate("any", {}, tmp_path, n_folds=3, report=said.append)
    assert trained == [0, 1, 2]
    assert said == [f"fold {n} of 3: training" for n in (1, 2, 3)]
    assert [(clip.name, clip.fold) for clip in held] == [(f"held {n}", n) for n in range(3)]
    assert [clip.name for clip in fitted] == [f"{TRAINED}fitted {n}" for n in range(3)]
    assert summarise_folds(held, fitted).scores[0].f_measure == 1.0

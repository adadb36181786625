import numpy as np
import pytest
import torch
import yaml

from helpers.motion_clips import motion_clip
from syncfusion.errors import InputError
from syncfusion.onset.decode import Decoding
from syncfusion.onset.motion.curve import OnsetCurve
from syncfusion.onset.motion.inputs import mirrored_grid
from syncfusion.onset.motion.strength import (
    LOUDEST,
    NAMES,
    SOFTEST,
    StrengthModel,
    fit_strength,
    relative_gains,
    strength_quantities,
)

ONSETS, SPEEDS = [20, 50, 80], (5.0, 10.0, 20.0)  # frames; something that stops harder each time
CLIP = motion_clip(n_frames=120, onsets=ONSETS, speeds=SPEEDS)
RISING = StrengthModel({name: 0.3 if name.startswith(("stop", "down")) else 0.0 for name in NAMES})


def gains(grid=CLIP.grid, times=CLIP.times, frames=ONSETS, model=RISING):
    return relative_gains(model.curve(grid, times)[frames])


def test_a_faster_approach_and_a_harder_stop_are_larger_quantities():
    rows = strength_quantities(CLIP.grid, CLIP.times)[ONSETS]
    found = dict(zip(NAMES, (rows - rows[1]).T, strict=True))
    for name in ("speed before", "downwards before", "stop at"):
        assert found[name].tolist() == pytest.approx([np.log(0.5), 0, np.log(2)], abs=0.1)


def test_harder_strikes_have_larger_gains_around_one():
    soft, middle, hard = gains()
    assert middle == 1.0
    assert soft < 0.8
    assert hard > 1.25


@pytest.mark.parametrize("change", [lambda grid: 3 * grid, mirrored_grid])
def test_gains_do_not_depend_on_the_camera_s_distance_nor_on_the_side(change):
    assert gains(change(CLIP.grid.clone())) == pytest.approx(gains(), abs=0.05)


def test_gains_do_not_depend_on_the_frame_rate():
    slow = gains(CLIP.grid[::2], CLIP.times[::2], [frame // 2 for frame in ONSETS])
    assert slow == pytest.approx(gains(), abs=0.05)


def test_gains_are_bounded():
    steep = StrengthModel(dict.fromkeys(NAMES, 5.0))
    assert gains(model=steep) == [SOFTEST, 1.0, LOUDEST]


def test_one_event_alone_has_gain_one_and_none_has_none():
    assert gains(frames=[80]) == [1.0]
    assert gains(frames=[]) == []


def test_a_clip_of_one_frame_has_a_strength():
    assert RISING.curve(torch.zeros(1, 9, 7, 12), np.zeros(1)).shape == (1,)


def test_onsets_of_a_curve_have_the_gains_of_their_frames():
    humps = np.full(120, 0.01)
    humps[ONSETS] = 0.9
    strengths = RISING.curve(CLIP.grid, CLIP.times)
    curve = OnsetCurve(CLIP.times, humps, CLIP.duration, strengths)
    assert list(curve.onsets(Decoding()).gains) == gains()
    assert curve.onsets(Decoding(threshold=0.95)).gains == ()
    flat = OnsetCurve(CLIP.times, humps, CLIP.duration).onsets(Decoding())
    assert flat.gains == (1.0, 1.0, 1.0)
    assert flat.times == curve.onsets(Decoding()).times


def test_a_fit_follows_the_loudness_of_recorded_hits():
    rng = np.random.default_rng(0)
    rows = [rng.normal(size=(60, len(NAMES))) + n for n in range(10)]
    column = NAMES.index("stop at")
    loudness = [0.5 * (each[:, column] - np.median(each[:, column])) for each in rows]
    model = fit_strength(rows, loudness)
    assert model.weights["stop at"] == pytest.approx(0.5, rel=0.5)
    others = [abs(weight) for name, weight in model.weights.items() if name != "stop at"]
    assert max(others) < 0.1 * model.weights["stop at"]


def test_loudness_that_follows_nothing_gives_gains_near_one():
    rng = np.random.default_rng(0)
    rows = [rng.normal(size=(60, len(NAMES))) for _ in range(10)]
    model = fit_strength(rows, [rng.normal(size=60) for _ in rows])
    assert max(map(abs, model.weights.values())) < 0.1


def test_no_hits_cannot_be_learned_from():
    with pytest.raises(InputError, match="no hits"):
        fit_strength([], [])


def test_a_file_gives_the_model_back(tmp_path):
    file = tmp_path / "strength.yaml"
    RISING.write(file, {"clips": 3})
    assert StrengthModel.read(file) == RISING
    assert yaml.safe_load(file.read_text())["metrics"] == {"clips": 3}


def test_no_file_is_no_model(tmp_path):
    assert StrengthModel.read(tmp_path / "strength.yaml") is None


@pytest.mark.parametrize("text", ["", "weights: 3", "weights: {speed at: 1}", "{", "weights: {}"])
def test_a_broken_file_is_one_sentence(tmp_path, text):
    file = tmp_path / "strength.yaml"
    file.write_text(text)
    with pytest.raises(InputError, match="holds no model of strength"):
        StrengthModel.read(file)

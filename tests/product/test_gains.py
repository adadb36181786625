"""Gains of detected onsets, from the strength of their motion."""

import json
import shutil

import numpy as np
import pytest
import yaml

import syncfusion
from helpers.motion_clips import motion_of_cells, moving_place, strikes
from helpers.places import BUNDLED, SAMPLE
from helpers.presets import make_preset
from syncfusion.errors import InputError
from syncfusion.onset import StrengthModel
from syncfusion.onset.decode import Decoding
from syncfusion.onset.motion.inputs import motion_input
from syncfusion.onset.motion.strength import NAMES
from syncfusion.track import OnsetTrack


@pytest.fixture(scope="module")
def preset(tmp_path_factory):
    """A tiny preset with the bundled detector and its model of strength."""
    folder = make_preset(tmp_path_factory.mktemp("preset") / "own", threshold=0.2)
    for name in ("onset.safetensors", "onset.yaml", "strength.yaml"):
        shutil.copy(BUNDLED / name, folder)
    return folder


@pytest.fixture(scope="module")
def pipeline(preset):
    return syncfusion.load(preset, device="cpu")


def test_the_bundled_model_turns_harder_stops_up():
    model = StrengthModel.read(BUNDLED / "strength.yaml")
    assert model is not None
    velocities = strikes(120, (20, 50, 80), (3.0, 6.0, 12.0))
    for onset, speed in ((20, 1.0), (50, 2.0), (80, 4.0)):  # a rebound after each
        velocities[onset : onset + 3] = [(0.0, -speed)] * 3
    inputs = motion_input(motion_of_cells(moving_place(velocities)))
    soft, middle, hard = model.curve(inputs.grid[0], np.arange(120) / 30)[[20, 50, 80]]
    assert soft < middle < hard


def test_the_bundled_model_was_measured_above_chance():
    metrics = yaml.safe_load((BUNDLED / "strength.yaml").read_text())["metrics"]
    for found in (metrics["cross-validation"], metrics["cross-validation, detected onsets"]):
        low = float(found["Spearman"].split("[")[1].split(",")[0])
        assert low > 0


@pytest.mark.slow
def test_detected_onsets_have_gains_and_flat_ones_do_not(pipeline):
    track, flat = pipeline.detect(SAMPLE), pipeline.detect(SAMPLE, gains="flat")
    assert len(track) >= 3
    assert track.times == flat.times
    assert set(flat.gains) == {1.0}
    assert len(set(track.gains)) > 1
    assert np.median(track.gains) == pytest.approx(1.0, abs=0.05)
    assert all(0.25 <= gain <= 2 for gain in track.gains)


def test_a_choice_of_gains_that_is_none_is_one_sentence(pipeline):
    with pytest.raises(InputError, match="motion or flat"):
        pipeline.detect(SAMPLE, gains="loud")


@pytest.mark.slow
def test_generate_records_how_gains_were_chosen(pipeline, tmp_path):
    made = pipeline.generate(SAMPLE, "wood hit", tmp_path / "out.mp4")
    record = json.loads(made.files.settings.read_text())
    assert record["gains"] == "motion"
    assert "strength.yaml" in record["weights"]
    given = OnsetTrack.read(made.files.onsets)
    assert list(given.gains) == pytest.approx(list(made.track.gains))
    assert len(set(given.gains)) > 1
    again = pipeline.generate(SAMPLE, "wood hit", tmp_path / "own.mp4", onsets=given)
    assert json.loads(again.files.settings.read_text())["gains"] is None


@pytest.mark.slow
def test_a_preset_without_the_model_has_equal_gains(preset, tmp_path):
    shutil.copytree(preset, tmp_path / "plain")
    (tmp_path / "plain" / "strength.yaml").unlink()
    track = syncfusion.load(tmp_path / "plain", device="cpu").detect(SAMPLE)
    assert set(track.gains) == {1.0}


def test_a_preset_whose_model_is_broken_is_one_sentence(preset, tmp_path):
    shutil.copytree(preset, tmp_path / "broken")
    (tmp_path / "broken" / "strength.yaml").write_text("weights: {}")
    with pytest.raises(InputError, match="no model of strength"):
        syncfusion.load(tmp_path / "broken", device="cpu").detect(SAMPLE)


def test_names_of_the_bundled_weights_are_those_of_the_code():
    weights = yaml.safe_load((BUNDLED / "strength.yaml").read_text())["weights"]
    assert list(weights) == list(NAMES)


@pytest.mark.slow
def test_decoding_again_needs_no_detector(pipeline):
    curve = pipeline.curve(SAMPLE)
    fewer = curve.onsets(Decoding(threshold=0.5))
    assert len(fewer.gains) == len(fewer.times)

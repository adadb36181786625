"""What the bundled detector of motion makes of clips that hold no onsets, or odd ones."""

import os
from pathlib import Path

import numpy as np
import pytest

import syncfusion
from helpers.moving_pictures import HEIGHT, WIDTH, bouncing, picture, texture, write_video
from helpers.places import REPOSITORY

STILL = picture(150, 80)
WHITE, BLACK = np.full_like(STILL, 255), np.zeros_like(STILL)
SCENES = [texture(HEIGHT, WIDTH, 10 + number).astype(np.uint8) for number in range(4)]
NOISE = np.random.default_rng(0).normal(0, 4, (90, HEIGHT, WIDTH))  # of a camera, grey levels
QUIET = {
    "still": [STILL] * 60,
    "black": [BLACK] * 45,
    "a scene cut every second": [SCENES[number // 30] for number in range(90)],
    "a scene cut every second, seen by a noisy camera": [
        np.clip(SCENES[number // 30] + NOISE[number], 0, 255).astype(np.uint8)
        for number in range(90)
    ],
    "flashes": [WHITE if number in (20, 21, 45) else STILL for number in range(70)],
    "two pictures": [STILL, picture(160, 90)],
}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def pipeline():
    return syncfusion.load("compact", device="cpu")


@pytest.mark.parametrize("kind", QUIET)
def test_clips_without_motion_have_no_onsets(pipeline, tmp_path, kind):
    assert pipeline.detect(write_video(tmp_path / "clip.mp4", QUIET[kind])).times == ()


def test_one_picture_a_second_is_quiet(pipeline, tmp_path):
    pictures = [picture(100 + 20 * number, 80) for number in range(6)]
    assert pipeline.detect(write_video(tmp_path / "clip.mp4", pictures, fps=1)).times == ()


@pytest.mark.parametrize("fps", [25, 30, 60])
def test_bounces_are_found_at_any_frame_rate(pipeline, tmp_path, fps):
    pictures = [each.pixels for each in bouncing(3 * fps, period=fps // 2)]
    track = pipeline.detect(write_video(tmp_path / "clip.mp4", pictures, fps=fps))
    period = (fps // 2) / fps
    distances = [min(abs(time - period * n) for n in range(8)) for time in track.times]
    assert len(track) >= 4
    assert max(distances) < 0.1


def test_repeated_pictures_do_not_add_onsets(pipeline, tmp_path):
    pictures = [each.pixels for each in bouncing(75, period=12)]
    repeated = [pictures[number * 25 // 30] for number in range(90)]
    track = pipeline.detect(write_video(tmp_path / "clip.mp4", repeated))
    assert min(np.diff(track.times)) > 0.3


def falling_and_rising(fps):
    """Pictures of three seconds in which something bounces twice a second."""
    return [each.pixels for each in bouncing(3 * fps, period=fps // 2, fps=fps)]


def test_a_fast_camera_sees_the_onsets_of_a_usual_one(pipeline, tmp_path):
    usual, fast = (
        pipeline.detect(write_video(tmp_path / f"{fps}.mp4", falling_and_rising(fps), fps=fps))
        for fps in (60, 240)
    )
    assert fast.times == pytest.approx(usual.times, abs=0.05)


def test_fields_woven_into_one_picture_do_not_add_onsets(pipeline, tmp_path):
    fields = falling_and_rising(60)
    woven = [fields[number].copy() for number in range(0, len(fields), 2)]
    for picture_, second in zip(woven, fields[1::2], strict=True):
        picture_[1::2] = second[1::2]
    progressive = pipeline.detect(write_video(tmp_path / "progressive.mp4", fields[::2]))
    interlaced = pipeline.detect(write_video(tmp_path / "interlaced.mp4", woven))
    assert interlaced.times == pytest.approx(progressive.times, abs=0.05)


CASES = REPOSITORY.parent / "shared" / "cases"


@pytest.fixture(scope="module")
def cases():
    """The folder of small inputs that users have; what asks for it is skipped where it is not."""
    place = Path(os.environ.get("SYNCFUSION_CASES", CASES))
    return (
        place if place.is_dir() else pytest.skip("no cases: set SYNCFUSION_CASES to their folder")
    )


def test_a_phones_uneven_clock_changes_no_onset(pipeline, cases):
    steady = pipeline.detect(cases / "steady-30fps.mp4")
    uneven = pipeline.detect(cases / "phone-uneven-30fps.mp4")
    assert len(steady) >= 4
    assert uneven.times == pytest.approx(steady.times, abs=0.05)

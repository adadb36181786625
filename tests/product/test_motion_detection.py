"""What the bundled detector of motion makes of clips that hold no onsets, or odd ones."""

import numpy as np
import pytest

import syncfusion
from helpers.moving_pictures import HEIGHT, WIDTH, bouncing, picture, texture, write_video

STILL = picture(150, 80)
WHITE, BLACK = np.full_like(STILL, 255), np.zeros_like(STILL)
SCENES = [texture(HEIGHT, WIDTH, 10 + number).astype(np.uint8) for number in range(4)]
QUIET = {
    "still": [STILL] * 60,
    "black": [BLACK] * 45,
    "a scene cut every second": [SCENES[number // 30] for number in range(90)],
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

"""What the bundled detector of motion makes of clips that hold no onsets, or odd ones."""

import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

import syncfusion
from helpers.moving_pictures import HEIGHT, WIDTH, bouncing, picture, texture, write_video
from helpers.places import REPOSITORY
from syncfusion.track import OnsetTrack

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


def test_a_fast_camera_sees_most_onsets_of_a_usual_one_and_at_most_one_other(pipeline, tmp_path):
    usual, fast = (
        pipeline.detect(write_video(tmp_path / f"{fps}.mp4", falling_and_rising(fps), fps=fps))
        for fps in (60, 240)
    )
    near = [min(abs(time - other) for other in usual.times) < 0.05 for time in fast.times]
    assert sum(near) >= 3
    assert len(near) - sum(near) <= 1


def test_fields_woven_into_one_picture_have_the_same_onsets_less_surely(pipeline, tmp_path):
    fields = falling_and_rising(60)
    woven = [fields[number].copy() for number in range(0, len(fields), 2)]
    for picture_, second in zip(woven, fields[1::2], strict=True):
        picture_[1::2] = second[1::2]
    progressive = pipeline.detect(write_video(tmp_path / "progressive.mp4", fields[::2]))
    file = write_video(tmp_path / "interlaced.mp4", woven)
    times = pipeline.detect(file, threshold=0.4).times
    distances = [min(abs(time - other) for other in times) for time in progressive.times]
    assert len(distances) >= 4
    assert max(distances) < 0.05
    assert len(times) <= len(distances) + 1
    assert len(pipeline.detect(file)) <= len(distances)


MEASURE = r"""
import re, sys
from pathlib import Path
from syncfusion.cli import main
try:
    main(sys.argv[1:])
finally:
    print(re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())[1])  # KiB, at most
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells the peak")
def test_a_clip_of_8k_is_read_in_bounded_memory(tmp_path):
    large = [cv2.resize(each.pixels, (7680, 4320)) for each in bouncing(15)] * 3
    video = write_video(tmp_path / "8k.mp4", large, codec="mjpeg")
    assert sum(each.nbytes for each in large) > 1.4e9
    del large
    onsets = tmp_path / "onsets.csv"
    command = [sys.executable, "-c", MEASURE, "detect", str(video), "-o", str(onsets)]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert OnsetTrack.read(onsets).times == pytest.approx([0.5, 1.0], abs=0.05)
    assert int(output.split()[-1]) < 1.2e6


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

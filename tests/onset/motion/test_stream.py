import itertools

import numpy as np
import pytest

from helpers.moving_pictures import bouncing, picture, write_video
from syncfusion.media import GreyPicture, probe, read_grey
from syncfusion.onset.motion.cells import GRID
from syncfusion.onset.motion.flow import HEIGHT, WIDTH
from syncfusion.onset.motion.stream import (
    interpolated,
    motion_of,
    read_motion,
)


def speeds(motion):
    return motion.cells[:, 5].astype(float).max((1, 2))


def test_frames_have_their_pictures_times():
    motion = motion_of(bouncing(20), 20 / 30)
    assert motion.times == pytest.approx(np.arange(20) / 30)
    assert motion.cells.shape == (20, *GRID)


def test_speeds_do_not_depend_on_the_frame_rate():
    rows = 60 + 40 * np.sin(np.arange(48) / 12)
    fast = [GreyPicture(picture(150, row), n / 36) for n, row in enumerate(rows)]
    slow = motion_of(fast[::2], 48 / 36)
    full = motion_of(fast, 48 / 36)
    assert np.median(speeds(slow)[2:-2]) == pytest.approx(np.median(speeds(full)[4:-4]), rel=0.25)


def test_a_still_scene_has_no_motion():
    still = [GreyPicture(picture(150, 80), n / 30) for n in range(6)]
    assert not motion_of(still, 0.2).cells.any()


def test_motion_is_interpolated_across_a_cut():
    pictures = bouncing(30, period=14)
    cut = [*pictures[:15], *(GreyPicture(255 - p.pixels, p.time) for p in pictures[15:])]
    motion = motion_of(cut, 1.0)
    assert len(motion) == 30
    between = (motion.cells[14] + motion.cells[16]) / 2
    np.testing.assert_allclose(motion.cells[15, :8], between[:8], atol=0.01)


def in_other_light(pictures, *places):
    """Pictures of which some are negatives, as if of another shot."""
    return [
        GreyPicture(255 - p.pixels, p.time) if n in places else p for n, p in enumerate(pictures)
    ]


def test_a_cut_is_where_the_first_picture_of_the_new_shot_is():
    pictures = bouncing(30, period=14)
    motion = motion_of(in_other_light(pictures, *range(15, 30)), 1.0)
    assert motion.cuts == (pictures[15].time,)
    assert motion_of(pictures, 1.0).cuts == ()


@pytest.mark.slow
def test_cuts_between_real_clips_are_found_and_none_within_them(greatest_hits):
    pictures, cuts = [], []
    for number, path in enumerate(sorted(greatest_hits.glob("videos/*.mp4"))[::3]):
        begin = 2.05 * number
        clip = read_grey(path, width=WIDTH, height=HEIGHT, maximum_fps=36)
        shot = list(itertools.takewhile(lambda p: p.time < 2, clip))
        pictures += [GreyPicture(p.pixels, p.time + begin) for p in shot]
        cuts.append(begin + shot[0].time)
    assert len(cuts) > 2
    assert motion_of(pictures, 2.05 * len(cuts)).cuts == pytest.approx(cuts[1:], abs=0.02)


def test_a_flash_is_no_cut():
    assert motion_of(in_other_light(bouncing(30, period=14), 10, 11), 1.0).cuts == ()


def test_uneven_times_are_read_at_an_even_rate():
    pictures = [p for n, p in enumerate(bouncing(40, period=14)) if n not in (7, 8, 20)]
    motion = motion_of(pictures, 40 / 30)
    assert np.diff(motion.times) == pytest.approx(1 / 30)


def test_nothing_is_measured_between_pictures_a_second_apart():
    pictures = [GreyPicture(picture(100 + 20 * n, 80), float(n)) for n in range(4)]
    assert not motion_of(pictures, 4.0).cells.any()


def test_no_pictures_give_a_frame_without_motion():
    motion = motion_of([], 1.0)
    assert len(motion) == 1
    assert not motion.cells.any()


def test_interpolation_is_linear_and_repeats_the_ends():
    values = np.array([[0.0], [2.0]], np.float32)
    found = interpolated(values, np.array([0.0, 1.0]), np.array([-1.0, 0.25, 2.0]))
    assert found[:, 0] == pytest.approx([0, 0.5, 2])


@pytest.mark.parametrize(("fps", "expected"), [(30, 30), (60, 30), (120, 30), (25, 25)])
def test_a_video_is_read_at_a_rate_the_nets_know(tmp_path, fps, expected):
    path = write_video(tmp_path / "clip.mp4", [p.pixels for p in bouncing(fps // 2)], fps=fps)
    motion = read_motion(probe(path))
    assert 1 / np.median(np.diff(motion.times)) == pytest.approx(expected, rel=0.01)

"""Speeds that are known, from pictures to features."""

import numpy as np
import pytest
import torch

from helpers.motion_clips import moving_place, strikes
from helpers.moving_pictures import HEIGHT, WIDTH, picture, write_video
from syncfusion.media import GreyPicture, probe
from syncfusion.onset.motion.cells import CHANNELS
from syncfusion.onset.motion.features import feature_kinds, motion_features
from syncfusion.onset.motion.stream import motion_of, read_motion

SPEED = 0.3  # widths of the picture per second


def sliding(fps, seconds=0.6, velocity=(SPEED, 0.0), camera=(0.0, 0.0)):
    """Pictures of a square that moves evenly, before a background that the camera moves."""
    for number in range(round(seconds * fps)):
        time = number / fps
        x, y = 60 + velocity[0] * WIDTH * time, 80 + velocity[1] * WIDTH * time
        shift = (camera[0] * WIDTH * time, camera[1] * WIDTH * time)
        yield GreyPicture(picture(x, y, camera=shift), time)


def channel(motion, name):
    return motion.cells[:, CHANNELS.index(name)].astype(float)


def inside(motion, name):
    """Median over the cells of most motion, frames at either end left out."""
    speed = channel(motion, "mean_speed")[2:-2]
    chosen = speed >= np.quantile(speed, 0.98)
    return float(np.median(channel(motion, name)[2:-2][chosen]))


@pytest.mark.parametrize("fps", [24, 30, 36])
def test_a_square_has_its_speed_whatever_the_frame_rate(fps):
    motion = motion_of(sliding(fps), 0.6)
    assert inside(motion, "mean_x") == pytest.approx(SPEED, rel=0.15)
    assert inside(motion, "mean_y") == pytest.approx(0, abs=0.05)


@pytest.mark.parametrize("fps", [30, 60])
def test_a_video_of_more_pictures_has_the_same_speed(tmp_path, fps):
    pictures = [each.pixels for each in sliding(fps)]
    motion = read_motion(probe(write_video(tmp_path / "clip.mp4", pictures, fps=fps)))
    assert inside(motion, "mean_x") == pytest.approx(SPEED, rel=0.15)


def test_downwards_is_positive():
    motion = motion_of(sliding(30, velocity=(0.0, SPEED)), 0.6)
    assert inside(motion, "mean_y") == pytest.approx(SPEED, rel=0.15)


def test_mirrored_pictures_have_mirrored_cells():
    pictures = list(sliding(30, velocity=(SPEED, 0.1)))
    flipped = [GreyPicture(each.pixels[:, ::-1].copy(), each.time) for each in pictures]
    plain, mirrored = motion_of(pictures, 0.6), motion_of(flipped, 0.6)
    assert inside(mirrored, "mean_x") == pytest.approx(-inside(plain, "mean_x"), rel=0.1)
    assert inside(mirrored, "mean_y") == pytest.approx(inside(plain, "mean_y"), abs=0.03)
    where = channel(plain, "mean_speed")[4:-4].mean(0)
    there = channel(mirrored, "mean_speed")[4:-4].mean(0)[:, ::-1]
    assert np.corrcoef(where.ravel(), there.ravel())[0, 1] > 0.95


def test_a_camera_that_pans_does_not_count_as_motion():
    still = motion_of(sliding(30, velocity=(0, 0), camera=(0.15, 0)), 0.6)
    middle = channel(still, "mean_speed")[2:-2, 3:-3, 12:]  # away from the square and the edges
    assert np.median(middle) < 0.1 * 0.15
    followed = motion_of(sliding(30, velocity=(0.3, 0), camera=(0.15, 0)), 0.6)
    assert inside(followed, "mean_x") == pytest.approx(0.15, rel=0.3)


def test_pictures_have_the_size_that_flow_reads():
    assert next(sliding(30)).pixels.shape == (HEIGHT, WIDTH)


@pytest.mark.parametrize("lag", [1, 2, 3])
def test_a_stop_shows_in_a_feature_from_its_frame_on(lag):
    features = motion_features(moving_place(strikes(40, [15])))
    expected = torch.zeros(40, dtype=torch.bool)
    expected[15 : 15 + lag] = True
    stops = features[:, ((features > 0) == expected[:, None]).all(0)]
    assert stops.shape[1] > 0
    assert float(stops[15].max()) == pytest.approx(1.0, abs=0.01)


def test_the_strongest_motion_is_the_first_feature():
    features = motion_features(moving_place(strikes(40, [15], [0.7])))
    assert features[10:15, 0].tolist() == pytest.approx([0.7] * 5)
    assert not feature_kinds().is_difference[0]

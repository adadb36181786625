import numpy as np
import pytest

from helpers.moving_pictures import picture
from syncfusion.onset.motion.flow import WIDTH, camera_flow, motion_between, softened


def fastest(flow):
    speed = np.hypot(flow[..., 0], flow[..., 1])
    return flow[np.unravel_index(speed.argmax(), speed.shape)]


def test_a_square_that_moves_gives_its_displacement_in_widths():
    motion = motion_between(picture(150, 80), picture(156, 77))
    inside = motion.flow[45:60, 85:100].mean((0, 1)) * WIDTH
    assert inside == pytest.approx([6, -3], abs=1)


def test_what_stands_still_has_no_flow_beside_the_square():
    motion = motion_between(picture(150, 80), picture(156, 77))
    assert np.abs(motion.flow[:, :40] * WIDTH).mean() < 0.3


def test_the_camera_s_own_motion_is_taken_out():
    motion = motion_between(picture(150, 80), picture(150, 80, camera=(4, 2)))
    assert np.median(np.abs(motion.flow[20:-20, 20:60]) * WIDTH) < 0.5


def test_an_affine_flow_is_the_camera_s_as_a_whole():
    y, x = np.mgrid[0:112, 0:192].astype(np.float32)
    flow = np.stack([1 + 0.02 * x, 0.5 - 0.01 * y], -1)
    np.testing.assert_allclose(camera_flow(flow), flow, atol=0.05)


def test_equal_pictures_have_no_motion():
    still = picture(150, 80)
    motion = motion_between(still, still)
    assert not motion.flow.any()
    assert not motion.is_cut


@pytest.mark.parametrize("after", [picture(150, 80) // 3, 255 - picture(150, 80)])
def test_a_picture_that_changes_as_a_whole_is_a_cut(after):
    motion = motion_between(picture(150, 80), after)
    assert motion.is_cut
    assert not motion.flow.any()


def test_noise_of_the_camera_is_softened():
    rng, still = np.random.default_rng(0), picture(150, 80).astype(float)
    noisy = [np.clip(still + rng.normal(0, 4, still.shape), 0, 255).astype(np.uint8) for _ in "ab"]
    sharp, soft = (abs(a.astype(float) - b).mean() for a, b in (noisy, map(softened, noisy)))
    assert soft < sharp / 2

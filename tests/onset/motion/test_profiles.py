import numpy as np
import pytest
import torch

from helpers.motion_clips import moving_place, strikes
from syncfusion.onset.motion.profiles import REACH, profiles

STOP = 15  # first frame without motion
N_BRAKES = 8


def values(velocities):
    """All quantities in order, each (frame, feature)."""
    return [each.values for each in profiles(torch.from_numpy(moving_place(velocities)))]


def along(quantities, lag):
    """Velocity along the approach at a lag, where there is most motion."""
    return quantities[4 * (lag + REACH)][:, 0]


def test_a_stop_is_the_largest_brake_at_its_frame():
    brake = values(strikes(40, [STOP]))[-N_BRAKES][:, 0]
    assert int(brake.argmax()) == STOP
    assert brake[STOP] == pytest.approx(1.0, abs=0.01)


def test_a_reversal_needs_motion_before_and_the_other_way_after():
    back = [(0.0, 0.0)] * 10 + [(0.0, 1.0)] * 5 + [(0.0, -0.6)] * 5 + [(0.0, 0.0)] * 10
    reversal = values(back)[-N_BRAKES + 1][:, 0]
    assert int(reversal.argmax()) == 15
    assert reversal[15] == pytest.approx(0.6, abs=0.01)
    assert values(strikes(40, [STOP]))[-N_BRAKES + 1].abs().max() < 0.01


def test_the_velocity_around_a_stop_is_seen_along_the_approach():
    quantities = values(strikes(40, [STOP]))
    found = [float(along(quantities, lag)[STOP]) for lag in range(-REACH, REACH + 1)]
    assert found == pytest.approx([1, 1, 1, 0, 0, 0, 0], abs=0.01)


@pytest.mark.parametrize("direction", [(1, 0), (-1, 0), (0, -1)])
def test_brakes_do_not_depend_on_the_direction(direction):
    turned = [(v * direction[0], v * direction[1]) for _, v in strikes(40, [STOP])]
    for expected, found in zip(
        values(strikes(40, [STOP]))[-N_BRAKES:], values(turned)[-N_BRAKES:], strict=True
    ):
        torch.testing.assert_close(found, expected)


def test_nothing_moving_gives_nothing():
    still = torch.zeros(5, 9, 14, 24)
    assert all(np.abs(each.values).max() == 0 for each in profiles(still))

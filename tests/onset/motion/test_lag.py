import numpy as np
import pytest

from helpers.motion_clips import FPS, motion_clip
from syncfusion.onset.motion.curve import curve_of
from syncfusion.onset.motion.lag import LEAD, picture_lag
from syncfusion.onset.motion.net import MotionNetConfig, MotionOnsetNet


@pytest.mark.parametrize(("fps", "lag"), [(24, 0.02), (25, 0.02), (29.97, -0.02), (36, -0.02)])
def test_pictures_lag_at_25_a_second_and_lead_at_30(fps, lag):
    assert picture_lag(3 + np.arange(50) / fps) == pytest.approx(lag, abs=3e-4)


def test_between_these_rates_the_lag_changes_little_by_little():
    lags = [picture_lag(np.arange(50) / fps) for fps in np.linspace(25, 30, 50)]
    assert np.all(np.diff(lags) < 0)
    assert np.diff(lags).min() > -2e-3


def test_one_frame_has_no_lag():
    assert picture_lag(np.zeros(1)) == 0


def test_a_curve_lies_where_the_sound_is_heard_but_within_the_video():
    clip = motion_clip()
    net = MotionOnsetNet(MotionNetConfig(n_feature_nets=0, n_grid_nets=1)).eval()
    curve = curve_of(net, clip.inputs, clip.times, clip.duration)
    assert picture_lag(clip.times) == pytest.approx(-0.02)
    assert curve.times[1:] == pytest.approx(np.arange(1, 90) / FPS - LEAD + 0.02)
    shortened = curve_of(net, clip.inputs, clip.times, float(clip.times[-1]))
    assert shortened.times[-1] == clip.times[-1]

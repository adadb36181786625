import numpy as np
import pytest

from helpers.motion_clips import FPS, motion_clip
from syncfusion.onset.motion.curve import curve_of
from syncfusion.onset.motion.lag import LEAD, picture_lag
from syncfusion.onset.motion.net import MotionNetConfig, MotionOnsetNet


@pytest.mark.parametrize(("fps", "lag"), [(24, 0.02), (25, 0.02), (29.97, -0.02), (36, -0.02)])
def test_pictures_lag_at_25_a_second_and_lead_at_30(fps, lag):
    assert picture_lag(3 + np.arange(50) / fps, 0.02) == pytest.approx(lag, abs=3e-4)


def test_between_these_rates_the_lag_changes_little_by_little():
    lags = [picture_lag(np.arange(50) / fps, 0.02) for fps in np.linspace(25, 30, 50)]
    assert np.all(np.diff(lags) < 0)
    assert np.diff(lags).min() > -2e-3


def test_one_frame_has_no_lag():
    assert picture_lag(np.zeros(1), 0.02) == 0


def curve(lag, duration):
    clip = motion_clip()
    config = MotionNetConfig(n_feature_nets=0, n_grid_nets=1, picture_lag=lag)
    net = MotionOnsetNet(config).eval()
    return curve_of(net, clip.inputs, clip.times, duration or clip.duration)


@pytest.mark.parametrize("lag", [0.0, 0.02])
def test_a_curve_lies_where_the_sound_is_heard_by_the_lag_of_the_nets_recordings(lag):
    times = np.arange(1, 90) / FPS  # at 30 a second pictures lie before the sound
    assert curve(lag, None).times[1:] == pytest.approx(times - LEAD + lag)


def test_a_curve_ends_with_the_video():
    last = float(motion_clip().times[-1])
    assert curve(0.02, last).times[-1] == last


def test_labels_are_moved_to_where_pictures_show_them():
    clip = motion_clip()
    assert clip.as_seen(0.0).labels == pytest.approx(clip.labels)
    assert clip.as_seen(0.02).labels == pytest.approx(clip.labels - 0.02)


def test_a_lag_below_zero_is_refused():
    with pytest.raises(ValueError, match=r"picture_lag is -0\.02"):
        MotionNetConfig(picture_lag=-0.02)

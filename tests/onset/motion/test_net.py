import numpy as np
import pytest
import torch

from syncfusion.checkpoint import load_onset, save_onset
from syncfusion.errors import InputError
from syncfusion.onset.calibration import Calibration, calibrate
from syncfusion.onset.decode import Decoding
from syncfusion.onset.motion import net as nets
from syncfusion.onset.motion.cells import GRID
from syncfusion.onset.motion.curve import onset_curve, smoothed
from syncfusion.onset.motion.inputs import MotionInput, motion_input
from syncfusion.onset.motion.net import MotionNetConfig, MotionOnsetNet
from syncfusion.onset.motion.stream import Motion

TINY = MotionNetConfig(
    n_feature_nets=2, n_grid_nets=1, width=4, dilations=(1, 2), grid_width=4, grid_channels=(2, 2)
)


def motion(n_frames=40, seed=0):
    cells = np.random.default_rng(seed).normal(size=(n_frames, *GRID)).astype(np.float16)
    return Motion(np.arange(n_frames) / 30, cells, n_frames / 30)


@pytest.fixture
def net():
    torch.manual_seed(0)
    return MotionOnsetNet(TINY).eval()


def test_a_logit_per_frame(net):
    assert net(motion_input(motion())).shape == (1, 40)


def test_the_output_is_the_mean_over_the_nets(net):
    inputs = motion_input(motion())
    each = [part(inputs) for part in (*net.features, *net.grids)]
    torch.testing.assert_close(net(inputs), sum(each) / 3)


def test_long_videos_in_pieces_give_the_same(net, monkeypatch):
    inputs = motion_input(motion(90))
    whole = net.probabilities(inputs)
    monkeypatch.setattr(nets, "CHUNK", 20)
    torch.testing.assert_close(net.probabilities(inputs), whole)


def test_every_weight_learns(net):
    net.train()
    inputs = motion_input(motion())
    net(MotionInput(*(torch.cat([each, each]) for each in inputs))).sum().backward()
    assert [name for name, p in net.named_parameters() if p.grad is None] == []


def test_a_folder_gives_the_net_back(net, tmp_path):
    save_onset(net, tmp_path)
    assert "input: motion" in (tmp_path / "onset.yaml").read_text()
    loaded, inputs = load_onset(tmp_path), motion_input(motion())
    assert isinstance(loaded, MotionOnsetNet)
    assert loaded.config == TINY
    torch.testing.assert_close(loaded.probabilities(inputs), net.probabilities(inputs))


def test_weights_of_another_shape_are_refused(net, tmp_path):
    save_onset(net, tmp_path)
    text = (tmp_path / "onset.yaml").read_text()
    (tmp_path / "onset.yaml").write_text(text.replace("width: 4", "width: 5", 1))
    with pytest.raises(InputError, match="another architecture"):
        load_onset(tmp_path)


def test_no_net_at_all_is_refused():
    with pytest.raises(ValueError, match="give 1 or more"):
        MotionNetConfig(n_feature_nets=0, n_grid_nets=0)


def test_calibration_keeps_the_order_of_the_curve(net):
    before = onset_curve(net, motion()).probabilities
    calibrate(net, Calibration(0.5, -1.0))
    after = onset_curve(net, motion()).probabilities
    expected = Calibration(0.5, -1.0)(before.tolist())
    assert after == pytest.approx(expected, abs=1e-6)


def test_the_curve_has_the_frames_times_and_gives_a_track(net):
    curve = onset_curve(net, motion())
    assert len(curve.times) == 40
    track = curve.onsets(Decoding(threshold=0.0))
    assert track.duration == pytest.approx(40 / 30)
    assert len(track) > 0


def test_smoothing_keeps_a_constant_and_widens_a_peak():
    times = np.arange(30) / 30
    assert smoothed(np.full(30, 0.4), times) == pytest.approx(0.4)
    peak = smoothed(np.eye(30)[15], times)
    assert peak.sum() == pytest.approx(1)
    assert 0.3 < peak[15] < 0.7

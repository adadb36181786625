import numpy as np
import torch

from syncfusion.onset.motion import features
from syncfusion.onset.motion.cells import GRID
from syncfusion.onset.motion.features import feature_kinds, motion_features
from syncfusion.onset.motion.inputs import mirrored, motion_input
from syncfusion.onset.motion.quantities import lagged, strongest
from syncfusion.onset.motion.stream import Motion


def cells(n_frames=40, seed=0):
    drawn = np.abs(np.random.default_rng(seed).normal(size=(n_frames, *GRID)))
    drawn[:, :4] -= 0.8
    return drawn.astype(np.float32)


def motion(values):
    return Motion(np.arange(len(values)) / 30, values, len(values) / 30)


def test_every_feature_has_a_kind():
    assert motion_features(cells()).shape == (40, len(feature_kinds()))


def test_pieces_give_the_features_of_the_whole(monkeypatch):
    whole = motion_features(cells())
    monkeypatch.setattr(features, "CHUNK", 7)
    torch.testing.assert_close(motion_features(cells()), whole)


def test_a_mirrored_video_has_the_mirrored_features():
    values = cells()
    flipped = values[..., ::-1].copy()
    flipped[:, [0, 2]] *= -1
    expected, found = motion_input(motion(flipped)), mirrored(motion_input(motion(values)))
    equal = torch.isclose(found.features, expected.features, rtol=1e-3, atol=1e-3).float().mean()
    assert equal > 0.97  # divergence is taken at cells' upper left corners
    torch.testing.assert_close(found.grid, expected.grid)


def test_no_motion_gives_features_without_direction():
    still = motion_features(np.zeros((5, *GRID), np.float32))
    assert still.isfinite().all()
    assert still[:, feature_kinds().compression > 0].abs().max() == 0


def test_lags_look_back_and_ahead_and_repeat_the_ends():
    frames = torch.arange(5.0)
    assert lagged(frames, 2).tolist() == [0, 0, 0, 1, 2]
    assert lagged(frames, -1).tolist() == [1, 2, 3, 4, 4]


def test_the_strongest_cells_are_averaged():
    values = torch.zeros(1, 4, 6)
    values[0, 1, :4] = torch.tensor([4.0, 3.0, 2.0, 1.0])
    assert strongest(values)[0].tolist() == [4.0, 2.5, 10 / 16]

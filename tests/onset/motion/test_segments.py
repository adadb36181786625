import numpy as np
import pytest
import torch

from helpers.motion_clips import motion_clip
from syncfusion.onset.motion.features import feature_kinds
from syncfusion.onset.motion.inputs import mirrored_grid
from syncfusion.onset.motion.segments import (
    Augmentation,
    feature_batch,
    grid_batch,
    laid_over,
    moved,
)

PLAIN = Augmentation(speed=1.0, gain=0.0, zoom=0.0, shift=0.0, rotation=0.0, mixing=0.0)
CLIP = motion_clip(sideways=0.5)
WHOLE = len(CLIP.times)


def rng(seed=0):
    return np.random.default_rng(seed)


def features(clips=(CLIP,), n_frames=WHOLE, augmentation=PLAIN, size=4, seed=0):
    return feature_batch(
        clips, size=size, n_frames=n_frames, augmentation=augmentation, rng=rng(seed)
    )


def cells(clips=(CLIP,), n_frames=WHOLE, augmentation=PLAIN, size=4, seed=0):
    return grid_batch(clips, size=size, n_frames=n_frames, augmentation=augmentation, rng=rng(seed))


def test_a_segment_of_a_whole_clip_is_the_clip_or_its_mirror_image():
    drawn = features(size=8)[0]
    sign = feature_kinds().sign
    is_plain = [torch.allclose(each, CLIP.features, atol=1e-5) for each in drawn]
    is_mirrored = [torch.allclose(each, CLIP.features * sign, atol=1e-5) for each in drawn]
    assert all(a != b for a, b in zip(is_plain, is_mirrored, strict=True))
    drawn = cells(size=8)[0]
    images = (CLIP.grid, mirrored_grid(CLIP.grid))
    assert all(any(torch.allclose(each, image, atol=1e-5) for image in images) for each in drawn)
    assert not all(torch.allclose(each, CLIP.grid, atol=1e-5) for each in drawn)


@pytest.mark.parametrize("draw", [features, cells])
def test_targets_are_highest_at_the_onsets_own_times(draw):
    late = motion_clip(start=7.3, onsets=(20, 45))
    targets = draw(clips=[late])[-1]
    assert targets.shape == (4, WHOLE)
    assert targets[0, [20, 45]].tolist() == pytest.approx([1, 1], abs=1e-4)
    expected = np.exp(-0.5 * (1 / 30 / PLAIN.target_seconds) ** 2)
    assert targets[0, [19, 21]].tolist() == pytest.approx([expected] * 2, abs=1e-3)
    assert targets[0, :15].max() < 1e-3


def test_clips_without_onsets_have_targets_of_nothing():
    assert features(clips=[motion_clip(onsets=())])[-1].abs().max() == 0


def test_time_that_runs_faster_raises_speeds_and_narrows_nothing():
    faster = Augmentation(speed=1.5, gain=0.0)
    drawn, scales, targets = features(n_frames=40, augmentation=faster, size=16)
    speed = drawn[:, :, 0].amax(1) / CLIP.features[:, 0].max()  # the strongest motion
    assert speed.min() >= 1 / 1.5 - 1e-3
    assert speed.max() <= 1.5 + 1e-3
    assert speed.max() - speed.min() > 0.3
    assert targets.shape == (16, 40)
    assert scales.min() > 0


def test_gains_of_flow_and_of_differences_are_drawn_apart():
    drawn = features(augmentation=Augmentation(speed=1.0, gain=0.5), size=16)[0].abs().amax(1)
    kinds = feature_kinds()
    flow = drawn[:, 0] / CLIP.features[:, 0].abs().max()
    grey = int(kinds.is_difference.argmax())
    difference = drawn[:, grey] / CLIP.features[:, grey].abs().max()
    assert flow.log().std() > 0.2
    assert difference.log().std() > 0.2
    assert float(torch.corrcoef(torch.stack([flow.log(), difference.log()]))[0, 1]) < 0.9


def test_clips_shorter_than_a_segment_repeat_their_end():
    drawn, _, targets = features(n_frames=WHOLE + 20)
    assert drawn.shape[1] == targets.shape[1] == WHOLE + 20
    torch.testing.assert_close(drawn[:, -1].abs(), drawn[:, -5].abs())


@pytest.mark.parametrize("draw", [features, cells])
def test_the_same_seed_draws_the_same_segments(draw):
    same, others = draw(augmentation=Augmentation()), draw(augmentation=Augmentation(), seed=1)
    for first, second in zip(draw(augmentation=Augmentation()), same, strict=True):
        torch.testing.assert_close(first, second)
    assert not torch.equal(same[0], others[0])


def test_cells_that_are_not_moved_stay():
    torch.testing.assert_close(moved(CLIP.grid, PLAIN, rng()), CLIP.grid)


def test_a_motion_away_from_the_middle_still_leads_away_when_turned():
    grid = torch.zeros(1, 9, 7, 12)
    grid[0, :, 3, 9] = torch.tensor([1.0, 0, 1, 0, 1, 1, 0, 0, 0])
    turned = moved(grid, Augmentation(zoom=0.0, shift=0.0, rotation=60.0), rng(3))[0]
    row, column = divmod(int(turned[5].argmax()), 12)
    assert (row, column) != (3, 9)
    place = np.array([column - 5.5, row - 3.0])
    vector = turned[2:4, row, column].numpy()
    cosine = place @ vector / (np.linalg.norm(place) * np.linalg.norm(vector))
    assert cosine > 0.95


def test_what_is_zoomed_in_moves_faster():
    constant = torch.ones(1, 9, 7, 12)
    zoomed = moved(constant, Augmentation(zoom=0.5, shift=0.0, rotation=0.0), rng())
    factor = float(zoomed[0, 5, 3, 6])
    assert abs(np.log(factor)) <= 0.5
    torch.testing.assert_close(zoomed[0, :, 3, 6], torch.full((9,), factor))


def test_two_motions_in_one_picture_keep_the_faster_vector():
    slow, fast = torch.zeros(1, 9, 7, 12), torch.zeros(1, 9, 7, 12)
    slow[:, 2], slow[:, 5], slow[:, 7] = -0.5, 0.5, 0.9
    fast[:, 2, 3], fast[:, 5, 3], fast[:, 7, 3] = 0.8, 0.8, 0.1
    joined = laid_over(slow, fast)
    assert joined[0, 2, 3].tolist() == pytest.approx([0.8] * 12)
    assert joined[0, 2, 2].tolist() == pytest.approx([-0.5] * 12)
    assert joined[0, 7, 3].tolist() == pytest.approx([0.9] * 12)


def test_emptied_rectangles_hold_nothing():
    busy = motion_clip()
    busy.grid[:] = 1.0
    drawn = cells(clips=[busy], augmentation=Augmentation(emptied=1.0, gain=0.0), n_frames=20)[0]
    assert all((each.abs().amax((0, 1)) == 0).any() for each in drawn)


def test_mixed_segments_have_the_onsets_of_both():
    early, late = motion_clip(onsets=(20,)), motion_clip(onsets=(60,))
    mixing = Augmentation(speed=1.0, mixing=1.0)
    targets = cells(clips=[early, late], augmentation=mixing, size=12)[-1]
    both = (targets[:, 20] > 0.99) & (targets[:, 60] > 0.99)
    assert both.any()

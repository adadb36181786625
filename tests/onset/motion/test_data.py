from dataclasses import replace

import pytest
import torch

from helpers.motion_clips import motion_clip
from syncfusion.errors import InputError
from syncfusion.onset.motion import data as module
from syncfusion.onset.motion.clips import MotionClip
from syncfusion.onset.motion.data import MotionData

NAMES = [f"2015-09-{day:02}-10-10-10-{number}" for day in range(1, 5) for number in (1, 2)]
CLIP = motion_clip()


@pytest.fixture
def root(tmp_path):
    (tmp_path / "train.txt").write_text("\n".join(NAMES[:6]))
    (tmp_path / "val.txt").write_text("\n".join(NAMES[6:]))
    return tmp_path


@pytest.fixture
def opened(monkeypatch):
    """Clips are made of numbers instead of videos; their names tell which were opened."""

    def open_clips(root, names, **settings):
        return [replace(CLIP, name=name) for name in names]

    monkeypatch.setattr(module, "open_motion_clips", open_clips)


def data(root, **settings):
    return MotionData(root, root / "cache", **settings)


def test_only_the_annotated_beginning_is_read(root, opened):
    opened_data = data(root, annotated_seconds=1.0)
    opened_data.setup("fit")
    for clip in (*opened_data.clips["fit"], *opened_data.clips["validate"]):
        assert clip.times[-1] < 1.0
        assert len(clip.features) == len(clip.grid) == len(clip.times) < len(CLIP.times)
        assert clip.duration == 1.0
        assert clip.track.times == tuple(time for time in CLIP.track.times if time < 1.0)
        assert clip.labels.tolist() == [time for time in CLIP.labels if time < 1.0]


@pytest.mark.parametrize("setting", [{"annotated_seconds": 0.0}, {"n_filmings": -1}])
def test_counts_of_nothing_are_refused(root, setting):
    with pytest.raises(InputError, match="give"):
        data(root, **setting)


def names(clips):
    return [clip.name for clip in clips]


def test_training_and_validation_have_their_own_lists(root, opened):
    clips = data(root)
    clips.setup("fit")
    assert names(clips.clips["fit"]) == NAMES[:6]
    assert names(clips.clips["validate"]) == NAMES[6:]


def test_validation_alone_opens_no_training_clips(root, opened):
    clips = data(root)
    clips.setup("validate")
    assert clips.clips["fit"] == []


def test_a_fold_holds_out_whole_sessions_and_every_clip_once(root):
    folds = [data(root, train_splits=["train", "val"], fold=n, n_folds=4).names() for n in range(4)]
    assert sorted(name for _, held in folds for name in held) == sorted(NAMES)
    for training, held in folds:
        assert not set(training) & set(held)
        assert not {name[:-2] for name in training} & {name[:-2] for name in held}


def test_a_clip_in_both_lists_is_refused(root):
    (root / "val.txt").write_text(NAMES[0])
    with pytest.raises(InputError, match="keep it in one"):
        data(root).names()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"fold": 6}, "no fold 6 of 6"),
        ({"fold": -1}, "no fold -1"),
        ({"grid_segments": 0}, "too small"),
        ({"steps_per_epoch": 0}, "too small"),
    ],
)
def test_settings_out_of_their_range_are_refused(root, wrong, message):
    with pytest.raises(InputError, match=message):
        data(root, **wrong)


def batches(root, **settings):
    sizes = {"feature_segments": 3, "feature_frames": 20, "grid_segments": 2, "grid_frames": 10}
    clips = data(root, **sizes, n_feature_nets=2, steps_per_epoch=2, **settings)
    clips.setup("fit")
    return list(clips.train_dataloader())


def test_each_net_gets_segments_of_its_own(root, opened):
    drawn = batches(root)
    assert len(drawn) == 2
    (first, second), (grid,) = drawn[0].features, drawn[0].grids
    assert first[0].shape[:2] == second[0].shape[:2] == (3, 20)
    assert not torch.equal(first[0], second[0])
    assert grid[0].shape == (2, 10, 9, 7, 12)
    assert grid[1].shape == (2, 10)
    assert not torch.equal(first[0], drawn[1].features[0][0])


def test_an_epoch_draws_what_its_number_and_the_seed_say(root, opened):
    first, same, other = batches(root), batches(root), batches(root, seed=1)
    torch.testing.assert_close(first[1].features[0][0], same[1].features[0][0])
    torch.testing.assert_close(first[1].grids[0][0], same[1].grids[0][0])
    assert not torch.equal(first[1].features[0][0], other[1].features[0][0])


def test_validation_reads_whole_clips(root, opened):
    clips = data(root)
    clips.setup("validate")
    read = list(clips.val_dataloader())
    assert all(isinstance(clip, MotionClip) for clip in read)
    assert names(read) == NAMES[6:]

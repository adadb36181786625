import pytest
import torch

from onset_clips import write_clip, write_root
from syncfusion.errors import InputError
from syncfusion.onset.clips import Clip, open_split
from syncfusion.onset.data import OnsetData, Root
from syncfusion.onset.windows import Augmentation, Draws, OnsetWindows, Windowing, recolour
from syncfusion.timing import seeded

SHORT = Windowing(frames=12, crop=8, sigma=0.7)
STILL = Augmentation(speed=0.0, brightness=0.0, contrast=0.0, colour=0.0, flip=False)


def windows(clips, windowing=SHORT, augmentation=None):
    return OnsetWindows(clips, [1.0] * len(clips), windowing, augmentation)


def test_a_window_never_mixes_videos(tmp_path):
    clips = open_split(write_root(tmp_path, ("one", "two", "three")), "train")
    for seed in range(30):
        frames, _ = windows(clips)[seed]
        values = set(frames.unique().tolist()) - {255}
        assert len(values) <= 1


@pytest.mark.parametrize("speed", [0.0, 0.15])
def test_labels_are_highest_where_the_picture_flashes(tmp_path, speed):
    clip = Clip.open(write_clip(tmp_path, "flash", n_frames=60, times=(1.0, 3.0)))
    found = 0
    for seed in range(40):
        augmentation = Augmentation(
            speed=speed, brightness=0.0, contrast=0.0, colour=0.0, flip=False
        )
        frames, labels = windows([clip], augmentation=augmentation)[seed]
        for frame in (frames.amax((1, 2, 3)) == 255).nonzero():
            assert labels[frame] > 0.65
            found += 1
    assert found


def test_the_same_seed_gives_the_same_window(tmp_path):
    clips = open_split(write_root(tmp_path), "train")
    first, again = (windows(clips, augmentation=Augmentation())[7] for _ in range(2))
    torch.testing.assert_close(first, again)


def test_a_video_shorter_than_a_window_is_held_at_its_end(tmp_path):
    clip = Clip.open(write_clip(tmp_path, "short", n_frames=5, times=(0.2,), value=9))
    frames, labels = windows([clip])[0]
    assert frames.shape == (12, 8, 8, 3)
    assert frames[5:].unique().tolist() == [9]
    assert labels.argmax() == 3


def test_clips_are_drawn_by_their_chance(tmp_path):
    clips = open_split(write_root(tmp_path), "train")
    data = OnsetWindows(clips, [0.0, 1.0], SHORT, None)
    assert {int(data[seed][0].min()) for seed in range(10)} == {70}


def test_recolouring_by_nothing_changes_nothing():
    frames = torch.randint(0, 256, (2, 4, 4, 3), generator=seeded(0), dtype=torch.uint8)
    assert (recolour(frames, STILL, seeded(1)).int() - frames.int()).abs().max() <= 1


def test_recolouring_mirrors_about_half_of_the_windows():
    frames = torch.zeros(1, 1, 2, 3, dtype=torch.uint8)
    frames[:, :, 0] = 200
    flips = Augmentation(speed=0.0, brightness=0.0, contrast=0.0, colour=0.0)
    mirrored = [recolour(frames, flips, seeded(n))[0, 0, 0, 0] == 0 for n in range(100)]
    assert 30 < sum(mirrored) < 70


def test_every_epoch_has_its_own_windows_and_a_resumed_run_the_same_ones():
    draws, resumed = Draws(5, seed=0), Draws(5, seed=0)
    first = list(draws)
    draws.set_epoch(1)
    resumed.set_epoch(1)
    assert list(draws) == list(resumed) != first


def test_roots_share_the_training_as_they_are_told(tmp_path):
    roots = [
        Root(folder=write_root(tmp_path / "real"), share=1.0),
        Root(folder=write_root(tmp_path / "synthetic", ("a", "b", "c")), share=3.0),
    ]
    data = OnsetData(roots, SHORT, windows_per_epoch=4, batch_size=2)
    windows = data.train_dataloader().dataset
    torch.testing.assert_close(windows.chances, torch.tensor([0.5, 0.5, 1.0, 1.0, 1.0]))
    assert [batch.frames.shape[0] for batch in data.train_dataloader()] == [2, 2]
    assert [clip.name for clip in data.val_dataloader()] == ["one", "two"]


def test_a_folder_that_is_no_processed_video_is_named(tmp_path):
    (tmp_path / "train.txt").write_text("nothing")
    with pytest.raises(InputError, match="nothing is no processed video"):
        open_split(tmp_path, "train")


def test_a_missing_split_is_named(tmp_path):
    with pytest.raises(InputError, match="no val.txt"):
        open_split(tmp_path, "val")


def test_reading_in_batches_gives_every_frame_once(tmp_path):
    clip = Clip.open(write_clip(tmp_path, "clip", n_frames=10, times=(0.4,)))
    torch.testing.assert_close(torch.cat(list(clip.batches(3))), clip.frames(slice(None)))

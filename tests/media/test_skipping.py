"""Pictures that nobody sees are not decoded."""

import pytest
import torch

from helpers.media_files import make_video, regular
from helpers.moving_pictures import bouncing, write_video
from syncfusion.media import skipping
from syncfusion.media.examining import examine
from syncfusion.media.pictures import frame_batches, read_pictures
from syncfusion.media.skipping import Skipping

MOVING = [shown.pixels for shown in bouncing(60)]


def frames(video, fps):
    return torch.cat([torch.from_numpy(f) for (f,) in frame_batches(video, fps, (96, 64), 8)])


def all_frames(video, fps, monkeypatch):
    """The same where every picture is decoded."""
    with monkeypatch.context() as patch:
        patch.setattr(skipping, "CODECS", ())
        return frames(video, fps)


def n_decoded(video, fps):
    return sum(1 for _ in read_pictures(video, Skipping(video, fps)))


@pytest.mark.parametrize("fps", [2, 7.5, 15, 24])
@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts", "avi"])
def test_the_frames_are_those_of_a_video_that_is_decoded_whole(tmp_path, monkeypatch, suffix, fps):
    video = examine(write_video(tmp_path / f"a.{suffix}", MOVING))
    assert torch.equal(frames(video, fps), all_frames(video, fps, monkeypatch))


def test_pictures_at_varying_times_are_those_of_a_video_that_is_decoded_whole(
    tmp_path, monkeypatch
):
    times = [n * 40 + 13 * (n % 3) + 500 * (n > 20) for n in range(len(MOVING))]
    video = examine(write_video(tmp_path / "a.mkv", MOVING, times=times))
    assert torch.equal(frames(video, 5), all_frames(video, 5, monkeypatch))


def test_only_those_that_no_other_refers_to_are_left_out(tmp_path):
    moving = examine(write_video(tmp_path / "a.mp4", MOVING))
    assert n_decoded(moving, 5) < 50
    assert n_decoded(moving, 30) == 60
    without = examine(make_video(tmp_path / "b.mp4", regular(30, 60)))
    assert n_decoded(without, 5) == 60


def test_another_codec_is_decoded_whole(tmp_path):
    video = examine(make_video(tmp_path / "a.mp4", regular(30, 60), codec="mpeg4", b_frames=2))
    assert n_decoded(video, 5) == 60


def test_a_real_clip_gives_the_same_frames(greatest_hits, monkeypatch):
    video = examine(greatest_hits / "videos" / "2015-03-31-01-50-24_mic.mp4")
    assert n_decoded(video, 15) < 0.85 * video.n_frames
    assert torch.equal(frames(video, 15), all_frames(video, 15, monkeypatch))

"""Raw videos of clips: found, read as processed ones, and preferred by a detector of motion."""

import shutil

import pytest
import torch

from helpers.media_files import make_video, regular, shown
from helpers.onset_clips import write_clip
from syncfusion.errors import InputError
from syncfusion.onset.data.clips import Clip, open_split
from syncfusion.onset.data.raw import RawFrames, source_video
from syncfusion.onset.data.resized import at_size
from syncfusion.preprocess.processing import Processing
from syncfusion.preprocess.videos import Target, preprocess_video


@pytest.fixture(scope="module")
def video(tmp_path_factory):
    """Two seconds at 25 pictures a second."""
    return make_video(tmp_path_factory.mktemp("videos") / "clip_mic.mp4", regular(25, 50))


@pytest.fixture
def raw(video, tmp_path):
    """A folder of one raw video, laid out as Greatest Hits."""
    for name in ("videos", "times"):
        (tmp_path / name).mkdir()
    shutil.copy(video, tmp_path / "videos" / "clip_mic.mp4")
    (tmp_path / "times" / "clip_times.txt").write_text("0.5 wood hit\n")
    (tmp_path / "test.txt").write_text("clip\n")
    return tmp_path


def process(video, root):
    files = preprocess_video("clip", video, Target(root, False, None), Processing())
    files.times.write_text("0.5,wood hit\n")
    return files.folder


def test_a_raw_video_has_the_frames_that_preprocessing_keeps(raw, video, tmp_path):
    (clip,) = open_split(raw, "test", raw=True)
    processed = Clip.open(process(video, tmp_path / "processed"))
    assert isinstance(clip.pixels, RawFrames)
    assert (clip.name, clip.fps, clip.duration) == ("clip", processed.fps, processed.duration)
    assert clip.track.times == processed.track.times
    ours, theirs = (torch.cat(list(each.batches(7))) for each in (clip, processed))
    assert torch.equal(ours, theirs)
    assert len(set(shown(ours))) == 30


def test_nothing_is_stored_beside_raw_videos(raw):
    before = sorted(raw.rglob("*"))
    (clip,) = at_size(open_split(raw, "test", raw=True), (24, 32))
    assert clip.frames(slice(3, 5)).shape == (2, 24, 32, 3)
    assert sorted(raw.rglob("*")) == before


def test_training_asks_for_processed_videos(raw):
    with pytest.raises(InputError, match="is not a processed video"):
        open_split(raw, "test")


def test_a_raw_video_without_annotation_is_named(raw):
    (raw / "times" / "clip_times.txt").unlink()
    with pytest.raises(InputError, match="clip_times.txt is missing"):
        open_split(raw, "test", raw=True)


def test_a_processed_video_names_its_source(video, tmp_path):
    folder = process(video, tmp_path / "anywhere")
    assert source_video(folder, 2.0).path.samefile(video)


def test_the_source_is_found_after_the_data_set_has_moved(video, tmp_path):
    videos = tmp_path / "here" / "mic-mp4"
    videos.mkdir(parents=True)
    shutil.copy(video, videos)
    folder = process(videos / video.name, tmp_path / "here" / "mic-mp4-processed")
    (tmp_path / "here").rename(tmp_path / "there")
    moved = tmp_path / "there" / folder.relative_to(tmp_path / "here")
    assert source_video(moved, 2.0).path.resolve().parent == tmp_path / "there" / "mic-mp4"


@pytest.mark.parametrize("place", ["videos", "../mic-mp4"])
def test_a_video_at_its_published_place_is_found_without_metadata(video, tmp_path, place):
    root = tmp_path / "mic-mp4-processed"
    folder = write_clip(root, "clip", n_frames=30)
    assert source_video(folder, 2.0) is None
    (root / place).mkdir(parents=True)
    shutil.copy(video, root / place)
    assert source_video(folder, 2.0).path.name == "clip_mic.mp4"


def test_a_video_of_another_length_is_not_the_source(raw):
    folder = write_clip(raw, "clip", n_frames=45)
    assert source_video(folder, 3.0) is None


def test_a_broken_video_is_not_the_source(raw):
    folder = write_clip(raw, "clip", n_frames=30)
    (raw / "videos" / "clip_mic.mp4").write_text("no video")
    assert source_video(folder, 2.0) is None

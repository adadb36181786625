import os

import numpy as np
import pytest
import torch
from PIL import Image

from helpers.onset_clips import moving_picture, write_clip, write_jpegs
from syncfusion.clip_files import ClipFiles
from syncfusion.errors import InputError
from syncfusion.onset.data.clips import Clip
from syncfusion.onset.data.frames import PackedFrames
from syncfusion.onset.data.resized import at_size


@pytest.fixture(params=["packed", "jpg"])
def clip(request, tmp_path):
    """A clip of 10 frames, 24 by 32 pixels, in one of the forms."""
    folder = write_clip(tmp_path, "clip", n_frames=10, times=(0.2,), size=(24, 32), forms=())
    files, frames = ClipFiles(folder, "clip"), moving_picture(10, 24, 32)
    if request.param == "jpg":
        write_jpegs(files, frames)
    else:
        np.save(files.frames, frames)
    return Clip.open(folder)


def kept_files(clip):
    return sorted(path.name for path in clip.folder.glob("*x*.npy"))


@pytest.mark.parametrize("size", [12, (8, 8), None], ids=str)
def test_kept_frames_are_those_resized_on_reading(clip, size):
    (kept,), (read,) = at_size([clip], size), at_size([clip], size, keep=False)
    assert isinstance(kept.pixels, PackedFrames)
    torch.testing.assert_close(kept.frames(slice(None)), read.frames(slice(None)))
    assert (kept.name, kept.fps, kept.track) == (clip.name, clip.fps, clip.track)


def test_the_name_of_kept_frames_carries_their_size(clip):
    at_size([clip], 12)
    assert kept_files(clip) == ["clip.frames.12x16.npy"]


def test_frames_are_resized_only_once(clip):
    seen = []

    def progress(stage, done, total):
        seen.append((stage, done, total))

    at_size([clip], 12, progress=progress)
    at_size([clip], 12, progress=progress)
    assert seen == [("resizing frames", 1, 1)]


@pytest.mark.parametrize("seconds", [-100, 100], ids=["older", "newer"])
def test_frames_that_changed_are_resized_again(clip, seconds):
    (before,) = at_size([clip], 12)
    stored = sorted(clip.folder.rglob("*.jpg")) or [clip.pixels.path]
    moment = clip.pixels.modified() + seconds * 10**9
    for path in stored:
        if path.suffix == ".jpg":
            Image.new("RGB", (32, 24)).save(path)
        else:
            np.save(path, np.zeros((10, 24, 32, 3), np.uint8))
        os.utime(path, ns=(moment, moment))
    (after,) = at_size([Clip.open(clip.folder)], 12)
    assert after.pixels.path == before.pixels.path
    assert after.frames(slice(None)).max() == 0


def test_other_frames_of_the_same_time_are_resized_again(clip):
    """As a restored backup brings them, or a copy that keeps times."""
    at_size([clip], 12)
    moment = clip.pixels.modified()
    for path in sorted(clip.folder.rglob("*.jpg")) or [clip.pixels.path]:
        if path.suffix == ".jpg":
            Image.new("RGB", (32, 24), "white").save(path)
        else:
            np.save(path, np.full((10, 24, 32, 3), 255, np.uint8))
        os.utime(path, ns=(moment, moment))
    (after,) = at_size([Clip.open(clip.folder)], 12)
    assert after.frames(slice(None)).min() == 255


def test_a_kept_file_that_is_broken_is_written_again(clip):
    (first,) = at_size([clip], 12)
    whole = first.frames(slice(None))
    first.pixels.path.write_bytes(first.pixels.path.read_bytes()[:-100])
    (again,) = at_size([clip], 12)
    torch.testing.assert_close(again.frames(slice(None)), whole)


def test_packed_frames_of_the_right_size_are_read_as_they_are(tmp_path):
    clip = Clip.open(write_clip(tmp_path, "clip"))
    assert at_size([clip], (16, 16)) == at_size([clip], None) == [clip]
    assert kept_files(clip) == []


@pytest.mark.parametrize("clip", ["jpg"], indirect=True)
@pytest.mark.parametrize("keep", [True, False], ids=["kept", "read"])
def test_a_broken_jpeg_is_named_before_training(clip, keep):
    path = clip.folder / "frames" / "clip.frame_000007.jpg"
    path.write_bytes(path.read_bytes()[:-80])
    with pytest.raises(InputError, match=r"clip\.frame_000007\.jpg"):
        at_size([clip], 12, keep=keep)
    assert kept_files(clip) == []


def test_a_folder_that_cannot_be_written_to_is_named(clip, monkeypatch):
    def refuse(path):
        raise InputError(f"cannot write to the folder {path.parent} (Permission denied)")

    monkeypatch.setattr("syncfusion.onset.data.resized.check_writable", refuse)
    with pytest.raises(InputError, match="set data.keep_resized to false"):
        at_size([clip], 12)

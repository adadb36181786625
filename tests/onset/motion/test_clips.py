import os
import shutil

import numpy as np
import pytest

from helpers.motion_clips import FPS, ONSETS, write_annotated
from helpers.onset_clips import moving_picture, write_clip
from syncfusion.clip_files import ClipFiles
from syncfusion.errors import InputError
from syncfusion.onset.motion import clips as module
from syncfusion.onset.motion.clips import clip_names, open_motion_clips
from syncfusion.onset.motion.profiles import profiles

N_BRAKES = -8  # where the losses of speed along the approach begin
EARLY = tuple(time - 0.03 for time in ONSETS)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A raw folder with one clip, annotated 30 ms before its sound, and its cache."""
    root = tmp_path_factory.mktemp("raw")
    write_annotated(root, "clip", onsets=EARLY)
    (clip,) = open_motion_clips(root, ["clip"], cache=root / "cache")
    return root, clip


@pytest.fixture
def uncomputed(monkeypatch):
    """Motion that has to be computed is an error."""

    def fail(*_, **__):
        raise AssertionError("computed again")

    monkeypatch.setattr(module, "read_motion", fail)


def test_a_clip_has_its_motion_its_annotation_and_its_labels(written):
    _, clip = written
    assert clip.track.times == pytest.approx(EARLY, abs=1e-6)
    assert clip.duration == pytest.approx(2.0, abs=0.05)
    assert np.diff(clip.times) == pytest.approx(1 / FPS)
    assert len(clip.features) == len(clip.grid) == len(clip.times)


def test_labels_move_to_the_sound_and_the_annotation_stays(written):
    _, clip = written
    assert clip.labels == pytest.approx(ONSETS, abs=0.01)


def test_labels_are_the_annotation_where_that_is_asked_for(written):
    root, _ = written
    (clip,) = open_motion_clips(root, ["clip"], cache=root / "cache", to_sound=False)
    assert clip.labels == pytest.approx(EARLY, abs=1e-6)


def test_what_moves_strikes_at_the_onsets(written):
    _, clip = written
    brake = list(profiles(clip.grid))[N_BRAKES].values[:, 0]
    highest = []
    for time in ONSETS:
        first = round(time * FPS) - 3
        highest.append(float(clip.times[first + int(brake[first : first + 7].argmax())]))
    assert highest == pytest.approx(ONSETS, abs=2.5 / FPS)


def test_motion_is_computed_once(written, uncomputed):
    root, clip = written
    (again,) = open_motion_clips(root, ["clip"], cache=root / "cache")
    assert np.array_equal(again.features, clip.features)
    assert again.labels.tolist() == clip.labels.tolist()


def test_a_video_that_was_replaced_is_computed_again(written, uncomputed, tmp_path):
    root, _ = written
    shutil.copytree(root, tmp_path / "copy")
    video = next((tmp_path / "copy" / "videos").iterdir())
    video.write_bytes(video.read_bytes() + b"\0" * 8)
    with pytest.raises(AssertionError, match="computed again"):
        open_motion_clips(tmp_path / "copy", ["clip"], cache=root / "cache")


def test_frames_that_were_replaced_are_computed_again(tmp_path):
    files = ClipFiles(write_clip(tmp_path, "clip"), "clip")
    open_motion_clips(tmp_path, ["clip"], cache=tmp_path / "cache")
    moment = files.frames.stat().st_mtime_ns + 10**9
    np.save(files.frames, moving_picture(40, 16, 16))
    os.utime(files.frames, ns=(moment, moment))
    open_motion_clips(tmp_path, ["clip"], cache=tmp_path / "cache")
    assert len(list((tmp_path / "cache").iterdir())) == 2


@pytest.mark.parametrize("kind", ["motion.npz", "labels.npy"])
@pytest.mark.parametrize("content", [b"", b"PK no zip", b"\x93NUMPY cut"])
def test_what_is_kept_but_broken_is_computed_again(written, tmp_path, kind, content):
    root, clip = written
    shutil.copytree(root / "cache", tmp_path / "cache")
    for file in (tmp_path / "cache").glob(f"*.{kind}"):
        file.write_bytes(content)
    (again,) = open_motion_clips(root, ["clip"], cache=tmp_path / "cache")
    assert np.array_equal(again.features, clip.features)
    assert again.labels.tolist() == clip.labels.tolist()


def test_a_corrected_annotation_is_read_anew(written, tmp_path, uncomputed):
    root, _ = written
    (root / "times" / "clip_times.txt").write_text("1.48 wood hit\n")
    (clip,) = open_motion_clips(root, ["clip"], cache=root / "cache")
    assert clip.labels == pytest.approx([1.5], abs=0.01)


def test_a_video_without_annotation_is_refused(tmp_path):
    write_annotated(tmp_path, "clip", sound=None)
    (tmp_path / "times" / "clip_times.txt").unlink()
    with pytest.raises(InputError, match="clip_times.txt is missing"):
        open_motion_clips(tmp_path, ["clip"], cache=tmp_path / "cache")


def test_a_clip_that_is_neither_raw_nor_processed_is_refused(tmp_path):
    with pytest.raises(InputError, match="nowhere"):
        open_motion_clips(tmp_path, ["nowhere"], cache=tmp_path / "cache")


def test_a_raw_video_that_is_missing_is_named_with_its_folder(tmp_path):
    (tmp_path / "videos").mkdir()
    with pytest.raises(InputError, match="videos holds no video nowhere; put it there"):
        open_motion_clips(tmp_path, ["nowhere"], cache=tmp_path / "cache")


def test_a_folder_that_is_not_there_is_named_with_what_belongs_into_it(tmp_path):
    with pytest.raises(InputError, match="there is no folder .*; put videos/, times/ and"):
        clip_names(tmp_path / "nowhere", ["train"])


def test_processed_videos_have_the_motion_of_their_frames(tmp_path):
    write_clip(tmp_path, "clip")
    (clip,) = open_motion_clips(tmp_path, ["clip"], cache=tmp_path / "cache")
    assert clip.labels.tolist() == list(clip.track.times)
    assert len(clip.features) == len(clip.times)


def test_names_of_several_lists_are_joined_in_order(tmp_path):
    (tmp_path / "train.txt").write_text("b\na\n")
    (tmp_path / "val.txt").write_text("c\n")
    assert clip_names(tmp_path, ["train", "val"]) == ["b", "a", "c"]

import numpy as np
import pytest

from helpers.motion_clips import motion_of_cells, moving_place, strikes
from helpers.moving_pictures import bouncing, write_video
from syncfusion.errors import InputError
from syncfusion.media import probe
from syncfusion.onset.motion.lag import LEAD
from syncfusion.onset.motion.own import (
    KEPT_FRAMES,
    KeptClip,
    open_own_clip,
    read_kept,
    write_kept,
)
from syncfusion.track import OnsetTrack

ONSETS = (310, 350, 390, 430)  # frames; none before
MOTION = motion_of_cells(moving_place(strikes(480, ONSETS, [0.5, 1.0, 2.0, 4.0])))
TRACK = OnsetTrack([frame / 30 for frame in ONSETS], MOTION.duration)


def kept(name="clip"):
    return KeptClip.of(name, MOTION, TRACK, np.array(TRACK.times) + 0.01)


def test_the_part_with_most_onsets_is_kept():
    clip = kept().open()
    assert len(clip.times) == KEPT_FRAMES
    assert len(clip.track) == 4
    assert np.diff(clip.track.times) == pytest.approx(40 / 30)
    assert clip.labels == pytest.approx(np.array(clip.track.times) + 0.01)


def test_rounded_motion_is_the_motion_to_a_few_percent():
    clip = kept().open()
    first = round(ONSETS[0] - clip.track.times[0] * 30)
    whole = moving_place(strikes(480, ONSETS, [0.5, 1.0, 2.0, 4.0]))
    speed = clip.grid[:, 5].amax((1, 2)).numpy()
    assert speed == pytest.approx(whole[first : first + KEPT_FRAMES, 5].max((1, 2)), rel=0.1)


def test_a_clip_shorter_than_that_is_kept_whole():
    motion = motion_of_cells(moving_place(strikes(60, [20])))
    track = OnsetTrack([20 / 30], motion.duration)
    clip = KeptClip.of("short", motion, track, np.array(track.times)).open()
    assert len(clip.times) == 60
    assert clip.track.times == pytest.approx(track.times)


def test_a_file_gives_the_clips_back_and_holds_no_pickles(tmp_path):
    write_kept([kept("a"), kept("b")], tmp_path / "kept.npz")
    found = read_kept(tmp_path / "kept.npz")
    assert [clip.name for clip in found] == ["a", "b"]
    assert np.array_equal(found[0].cells, kept().cells)
    assert found[1].onsets == pytest.approx(kept().onsets)


@pytest.mark.parametrize("content", [None, b"", b"no archive"])
def test_a_file_that_is_missing_or_broken_is_one_sentence(tmp_path, content):
    file = tmp_path / "kept.npz"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(InputError, match="no kept motion"):
        read_kept(file)


DAMAGES = {  # place in a zip: mark it stands after, bytes on from there, what is written
    "header of a member": (b"PK\x03\x04", 0, b"\0\0"),
    "packed data": (b"0/cells.npy", 60, b"\xff" * 40),
    "encrypted": (b"PK\x01\x02", 8, b"\x01"),
    "packed in an unknown way": (b"PK\x01\x02", 10, b"\x63"),
}


@pytest.mark.parametrize(("mark", "offset", "value"), DAMAGES.values(), ids=DAMAGES)
def test_an_archive_with_damaged_bytes_is_one_sentence(tmp_path, mark, offset, value):
    write_kept([kept()], file := tmp_path / "kept.npz")
    content = bytearray(file.read_bytes())
    place = content.index(mark) + offset
    content[place : place + len(value)] = value
    file.write_bytes(content)
    with pytest.raises(InputError, match="no kept motion") as refused:
        read_kept(file)
    assert "\n" not in str(refused.value)


def test_an_archive_of_something_else_is_one_sentence(tmp_path):
    parts = dict.fromkeys(("largest", "rate", "onsets", "labels"), np.zeros(1))
    stored = {f"0/{name}": part for name, part in parts.items()}
    np.savez(tmp_path / "kept.npz", names=np.array(["a"]), **{"0/cells": np.zeros(3)}, **stored)
    with pytest.raises(InputError, match="no kept motion"):
        read_kept(tmp_path / "kept.npz")


def test_an_own_clip_is_learned_at_the_users_times(tmp_path):
    path = write_video(tmp_path / "take.mp4", [each.pixels for each in bouncing(30)])
    track = OnsetTrack([0.5], 1.0)
    clip = open_own_clip(probe(path), track, cache=tmp_path / "cache")
    assert clip.name == "take"
    assert clip.track is track
    assert clip.labels == pytest.approx([0.5 + LEAD])  # curves are as much earlier

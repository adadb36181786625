import io
import tarfile

import numpy as np
import pytest
import soundfile
import torch

from syncfusion.errors import InputError
from syncfusion.onset.track import OnsetTrack
from syncfusion.preprocess.shards import read_recordings, write_shard, write_split

TIMES = "0.0125,wood hit\n0.025,metal scratch\n"


def wav(*, rate: int = 48_000, channels: int = 1) -> bytes:
    samples = np.linspace(-0.5, 0.5, 2400 * channels, dtype=np.float32).reshape(-1, channels)
    content = io.BytesIO()
    soundfile.write(content, samples, rate, format="wav", subtype="FLOAT")
    return content.getvalue()


def write_video(root, name, sound=None):
    (root / name / "audio").mkdir(parents=True)
    (root / name / f"{name}.times.csv").write_text(TIMES)
    (root / name / "audio" / f"{name}.resampled.wav").write_bytes(sound or wav())
    return root / name


def write_tar(path, members):
    with tarfile.open(path, "w") as tar:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return str(path)


def test_a_shard_gives_back_the_recordings_in_order_of_name(tmp_path):
    videos = [write_video(tmp_path, name) for name in ("b", "a")]
    write_shard(videos, tmp_path / "shard.tar")
    recordings = list(read_recordings(str(tmp_path / "shard.tar")))
    assert [recording.name for recording in recordings] == ["a", "b"]
    for recording in recordings:
        assert recording.track == OnsetTrack.from_csv(TIMES)
        assert recording.waveform.sample_rate == 48_000
        torch.testing.assert_close(
            recording.waveform.samples, torch.linspace(-0.5, 0.5, 2400)[None]
        )


def test_the_same_videos_give_the_same_bytes(tmp_path):
    videos = [write_video(tmp_path, name) for name in ("a", "b")]
    write_shard(videos, tmp_path / "one.tar")
    for video in videos:
        (video / f"{video.name}.times.csv").touch()
    write_shard(videos[::-1], tmp_path / "two.tar")
    assert (tmp_path / "one.tar").read_bytes() == (tmp_path / "two.tar").read_bytes()


@pytest.mark.parametrize("missing", ["a.times.csv", "audio/a.resampled.wav"])
def test_a_video_without_a_part_is_an_error_and_leaves_no_shard(tmp_path, missing):
    video = write_video(tmp_path, "a")
    (video / missing).unlink()
    with pytest.raises(InputError, match=f"{missing} is missing"):
        write_shard([video], tmp_path / "out" / "shard.tar")
    assert list((tmp_path / "out").iterdir()) == []


def test_each_split_gets_its_shard(tmp_path):
    for name in ("a", "b", "c"):
        write_video(tmp_path, name)
    (tmp_path / "train.txt").write_text("a\nb\n")
    (tmp_path / "val.txt").write_text("c\n")
    (tmp_path / "test.txt").write_text("")
    shards = write_split(tmp_path, tmp_path / "shards")
    names = [[recording.name for recording in read_recordings(str(shard))] for shard in shards]
    assert ([shard.name for shard in shards], names) == (
        ["train.tar", "val.tar"],
        [["a", "b"], ["c"]],
    )


def test_a_folder_without_a_split_is_an_error(tmp_path):
    with pytest.raises(InputError, match="holds no train.txt"):
        write_split(tmp_path, tmp_path / "shards")


@pytest.mark.parametrize("missing", ["times.csv", "resampled.wav"])
def test_a_sample_without_a_member_is_an_error_that_names_it(tmp_path, missing):
    members = {"a.times.csv": TIMES.encode(), "a.resampled.wav": wav()}
    del members[f"a.{missing}"]
    shard = write_tar(tmp_path / "shard.tar", members)
    with pytest.raises(InputError, match=f"a in .*shard.tar.* has no {missing}"):
        list(read_recordings(shard))


@pytest.mark.parametrize(
    ("sound", "message"),
    [
        (wav(rate=44_100), "a is 44100 Hz with 1 channels"),
        (wav(channels=2), "a is 48000 Hz with 2 channels"),
        (b"no sound at all", "a"),
    ],
)
def test_a_sound_of_another_form_is_an_error(tmp_path, sound, message):
    write_shard([write_video(tmp_path, "a", sound)], tmp_path / "shard.tar")
    with pytest.raises(InputError, match=message):
        list(read_recordings(str(tmp_path / "shard.tar")))


def test_onsets_that_cannot_be_read_are_an_error_that_names_the_sample(tmp_path):
    members = {"clip_7.times.csv": b"soon,wood hit", "clip_7.resampled.wav": wav()}
    shard = write_tar(tmp_path / "shard.tar", members)
    with pytest.raises(InputError, match="clip_7.*line 1"):
        list(read_recordings(shard))


@pytest.mark.parametrize("content", [None, b"this is a text"])
def test_a_shard_that_is_none_is_an_error_that_names_it(tmp_path, content):
    path = tmp_path / "shard.tar"
    if content:
        path.write_bytes(content)
    with pytest.raises(InputError, match="shard.tar"):
        list(read_recordings(str(path)))

import tarfile

import pytest
import torch

from helpers.shard_files import CountingEncoder, csv, make_shard, wav, write_processed, write_video
from syncfusion.errors import InputError
from syncfusion.shards.embeddings import EncoderIdentity
from syncfusion.shards.published import plan, write_set
from syncfusion.shards.recording import read_recordings
from syncfusion.shards.writer import Extras, write_shard

IDENTITY = EncoderIdentity("counting", "abc")


def names(shard):
    return [recording.name for recording in read_recordings(str(shard))]


def members(shard):
    with tarfile.open(shard) as tar:
        return tar.getnames()


@pytest.fixture
def processed(tmp_path):
    return write_processed(tmp_path / "processed", train="e d c b a", val="f", test="h g")


def test_members_have_the_published_names(tmp_path):
    shard = make_shard(tmp_path / "shard.tar", "2015-03-12 b.7")
    kinds = ("resampled.wav", "times.csv")
    assert members(shard) == [f"{name}.{kind}" for name in ("2015-03-12", "b.7") for kind in kinds]


@pytest.mark.parametrize("encoder", [None, CountingEncoder()])
def test_the_same_videos_give_the_same_bytes(tmp_path, encoder):
    videos = [write_video(tmp_path, name) for name in ("a", "b")]
    extras = Extras(encoder=encoder, identity=IDENTITY)
    write_shard(videos, tmp_path / "one.tar", extras)
    for video in videos:
        (video / f"{video.name}.times.csv").touch()
    write_shard(videos[::-1], tmp_path / "two.tar", extras)
    assert (tmp_path / "one.tar").read_bytes() == (tmp_path / "two.tar").read_bytes()


@pytest.mark.parametrize("missing", ["a.times.csv", "audio/a.resampled.wav"])
def test_a_video_without_a_part_is_an_error_and_leaves_no_shard(tmp_path, missing):
    video = write_video(tmp_path, "a")
    (video / missing).unlink()
    with pytest.raises(InputError, match=f"{missing} is missing"):
        write_shard([video], tmp_path / "out" / "shard.tar")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize(
    ("sound", "times", "reason"),
    [
        (wav(rate=44_100), None, "is 44100 Hz with 1 channels"),
        (wav(channels=2), None, "is 48000 Hz with 2 channels"),
        (b"no sound", None, "cannot be read"),
        (None, "", "no onset"),
        (None, "soon\n", "line 1"),
    ],
)
def test_what_training_cannot_use_is_not_written(tmp_path, sound, times, reason):
    video = write_video(tmp_path, "a", sound, times)
    with pytest.raises(InputError, match=f"/a .*{reason}.*preprocess this video again"):
        write_shard([video], tmp_path / "shard.tar")
    assert not (tmp_path / "shard.tar").exists()


@pytest.mark.parametrize("place", ["{0}/{0}.times.pred.csv", "{0}.times.pred.csv"])
def test_predicted_onsets_lie_beside_the_annotated_ones(tmp_path, place):
    path = tmp_path / "found" / place.format("a")
    path.parent.mkdir(parents=True)
    path.write_text("0.1,\n")
    shard = make_shard(tmp_path / "shard.tar", "a", Extras(predictions=tmp_path / "found"))
    [recording] = read_recordings(shard)
    assert recording.predicted.times == (0.1,)
    assert len(recording.track) == 6


def test_a_video_without_its_predicted_onsets_is_an_error(tmp_path):
    with pytest.raises(InputError, match=r"a.times.pred.csv is missing"):
        make_shard(tmp_path / "shard.tar", "a", Extras(predictions=tmp_path))


def test_embeddings_in_a_shard_are_those_of_its_hits(tmp_path):
    extras = Extras(encoder=CountingEncoder(), identity=IDENTITY)
    [recording] = read_recordings(make_shard(tmp_path / "shard.tar", "a", extras))
    assert recording.embeddings.encoder == IDENTITY
    torch.testing.assert_close(recording.embeddings.hits.norm(dim=1), torch.ones(6))


def test_the_published_shards_are_made(processed, tmp_path):
    written = write_set(processed, tmp_path / "out")
    expected = [f"train_shard_{n}" for n in (1, 2, 3)] + ["val_shard_1", "test_shard_1"]
    assert [path.stem for path in written] == expected
    assert [names(path) for path in written] == [["a", "d"], ["b", "e"], ["c"], ["f"], ["g", "h"]]


def test_test_videos_with_predicted_onsets_make_further_shards(processed, tmp_path):
    for name in "gh":
        (tmp_path / f"{name}.times.pred.csv").write_text("0.1,\n")
    *_, path = write_set(processed, tmp_path / "out", predictions={"test_onset_preds": tmp_path})
    assert (path.name, names(path)) == ("test_onset_preds.tar", ["g", "h"])
    plain = tmp_path / "out" / "test_shard_1.tar"
    assert not any("pred" in name for name in members(plain))


def test_predicted_onsets_without_test_videos_are_an_error(tmp_path):
    processed = write_processed(tmp_path, train="a b c")
    with pytest.raises(InputError, match=r"list them in test.txt"):
        plan(processed, {"test_onset_preds": tmp_path})


def test_few_videos_make_fewer_shards_and_that_is_said(tmp_path, caplog):
    processed = write_processed(tmp_path, train="a b", val="c")
    assert [shard.name for shard in plan(processed, {})] == [
        "train_shard_1",
        "train_shard_2",
        "val_shard_1",
    ]
    assert caplog.messages == ["train has 2 videos, too few for 3 shards"]


def test_videos_without_onsets_are_left_out_and_named(tmp_path, caplog):
    processed = write_processed(tmp_path, train="a b c d")
    (processed / "b" / "b.times.csv").write_text("")
    assert sorted(v.name for shard in plan(processed, {}) for v in shard.videos) == ["a", "c", "d"]
    assert caplog.messages == ["left out, it has no onset: b"]


def test_a_video_in_two_splits_is_an_error(processed, tmp_path):
    (processed / "val.txt").write_text("f\nc\n")
    with pytest.raises(InputError, match=r"c is in train.txt and in val.txt"):
        write_set(processed, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_shards_of_another_set_are_not_mixed_in(processed, tmp_path):
    write_set(processed, tmp_path / "out")
    (processed / "train.txt").write_text("a\nb\n")
    with pytest.raises(InputError, match=r"train_shard_3.tar belongs to another set"):
        write_set(processed, tmp_path / "out")


def test_the_same_set_may_be_written_again(processed, tmp_path):
    written = write_set(processed, tmp_path / "out")
    before = [path.read_bytes() for path in written]
    write_set(processed, tmp_path / "out")
    assert [path.read_bytes() for path in written] == before


@pytest.mark.parametrize("lists", [[], ["train.txt"]])
def test_a_folder_without_a_split_is_an_error(tmp_path, lists):
    for name in lists:
        (tmp_path / name).touch()
    with pytest.raises(InputError, match=r"holds no train.txt"):
        plan(tmp_path, {})


def test_a_split_that_names_a_missing_video_is_an_error(processed):
    (processed / "val.txt").write_text("nobody")
    with pytest.raises(InputError, match=r"nobody.times.csv is missing"):
        plan(processed, {})


def test_progress_counts_the_shards(processed, tmp_path):
    told = []
    write_set(processed, tmp_path / "out", progress=lambda *step: told.append(step))
    assert told == [("Writing shards", number, 5) for number in range(1, 6)]


def test_onsets_are_written_as_they_are(tmp_path):
    [recording] = read_recordings(make_shard(tmp_path / "shard.tar", "a"))
    with tarfile.open(tmp_path / "shard.tar") as tar:
        assert tar.extractfile("a.times.csv").read().decode() == csv()
    assert len(recording.track) == 6

"""Shards in a bucket of S3, written and read: a server of this machine that fails at times."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import soundfile

from helpers.diffusion_runs import last, logged, run
from helpers.s3_server import s3_server
from helpers.shard_files import RATE, CountingEncoder, make_shard, write_processed, write_video
from syncfusion.cli.app import main
from syncfusion.errors import InputError
from syncfusion.shards.access import Access
from syncfusion.shards.embeddings import EncoderIdentity
from syncfusion.shards.published import write_set
from syncfusion.shards.tars import read_samples
from syncfusion.shards.writer import Extras

SHARDS = "s3://bucket/shards"


@pytest.fixture
def server(monkeypatch):
    with s3_server(monkeypatch) as found:
        yield found


@pytest.fixture
def bucket(server):
    """The bucket as others see it."""
    import s3fs

    return s3fs.S3FileSystem(use_listings_cache=False, skip_instance_cache=True)


@pytest.fixture
def processed(tmp_path):
    return write_processed(tmp_path / "processed", train="a b c", val="d", test="e")


def contents(shard, **settings):
    samples = read_samples(str(shard), Access(retry_seconds=0.01, **settings))
    return {sample["__key__"]: sample["resampled.wav"] for sample in samples}


def names(bucket):
    return sorted(path.rpartition("/")[2] for path in bucket.find("bucket"))


def test_the_command_writes_to_a_bucket_what_it_writes_to_a_folder(processed, bucket, tmp_path):
    main(["shards", str(processed), "-o", SHARDS])
    local = write_set(processed, tmp_path / "local")
    assert names(bucket) == sorted(path.name for path in local)
    for path in local:
        assert bucket.cat(f"{SHARDS}/{path.name}") == path.read_bytes()


def test_a_shard_takes_its_name_once(processed, server, bucket):
    write_set(processed, SHARDS)
    bucket.pipe(f"{SHARDS}/val_shard_1.tar", b"of another run")
    server.asked.clear()
    write_set(processed, SHARDS)
    assert not [request for request in server.asked if request.startswith("PUT")]
    assert bucket.cat(f"{SHARDS}/val_shard_1.tar") == b"of another run"
    write_set(processed, SHARDS, overwrite=True)
    assert bucket.cat(f"{SHARDS}/val_shard_1.tar") != b"of another run"


def test_of_two_that_write_a_shard_at_once_the_first_has_it(tmp_path, server, bucket):
    processed = write_processed(tmp_path / "processed", val="d")
    (processed / "train.txt").write_text("")
    server.hold_from = 1
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(write_set, processed, SHARDS)
        assert server.upload_seen.wait(60)
        bucket.pipe(f"{SHARDS}/val_shard_1.tar", b"the first")
        server.go_on.set()
        assert slow.result() == [f"{SHARDS}/val_shard_1.tar"]
    assert bucket.cat(f"{SHARDS}/val_shard_1.tar") == b"the first"


def test_a_shard_comes_whole_through_failures_and_broken_connections(server, bucket, tmp_path):
    local = make_shard(tmp_path / "shard.tar", "a b c")
    bucket.put(local, f"{SHARDS}/shard.tar")
    server.breaks_left, server.errors_left = 2, 3
    assert contents(f"{SHARDS}/shard.tar") == contents(local)
    assert (server.breaks_left, server.errors_left) == (0, 0)


def test_a_cache_asks_for_the_bytes_once_until_they_change(server, bucket, tmp_path):
    bucket.put(make_shard(tmp_path / "shard.tar", "a b"), f"{SHARDS}/shard.tar")
    cache = tmp_path / "cache"
    first = contents(f"{SHARDS}/shard.tar", cache=cache)
    sent = server.n_sent
    assert contents(f"{SHARDS}/shard.tar", cache=cache) == first
    assert server.n_sent == sent
    bucket.put(make_shard(tmp_path / "other.tar", "c d"), f"{SHARDS}/shard.tar")
    assert contents(f"{SHARDS}/shard.tar", cache=cache).keys() == {"c", "d"}


def test_what_is_not_there_is_named_at_once(server):
    with pytest.raises(InputError, match="s3://bucket/shards/missing.tar"):
        contents(f"{SHARDS}/missing.tar")
    with pytest.raises(InputError, match="s3://no-bucket/a.tar"):
        contents("s3://no-bucket/a.tar")


def test_a_bucket_that_is_not_there_is_not_made(processed, bucket):
    with pytest.raises(InputError, match="cannot write s3://mistyped/train_shard_1.tar"):
        write_set(processed, "s3://mistyped")
    assert not bucket.exists("mistyped")


def test_without_a_key_and_without_a_server_there_is_a_sentence(processed, server, monkeypatch):
    import s3fs

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    s3fs.S3FileSystem.clear_instance_cache()
    for act in (lambda: write_set(processed, SHARDS), lambda: contents(f"{SHARDS}/a.tar")):
        with pytest.raises(InputError, match=r"s3://bucket/shards/.*[Cc]redentials"):
            act()


WRITE = "import sys; from syncfusion.cli.app import main; main(sys.argv[1:])"


@pytest.mark.slow
def test_a_writer_killed_in_the_middle_of_a_shard_leaves_nothing_of_it(server, bucket, tmp_path):
    processed = write_processed(tmp_path / "processed", val="d")
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, 200 * RATE).astype(np.float32)
    soundfile.write(tmp_path / "long.wav", noise, RATE, subtype="PCM_16")
    write_video(processed, "long", (tmp_path / "long.wav").read_bytes())
    (processed / "train.txt").write_text("long")
    server.hold_from = 2**22
    words = [sys.executable, "-c", WRITE, "shards", str(processed), "-o", SHARDS]
    with subprocess.Popen(words, env=os.environ) as writer:
        assert server.upload_seen.wait(60)
        writer.kill()
    server.go_on.set()
    assert names(bucket) == []
    assert subprocess.run(words, env=os.environ).returncode == 0
    assert names(bucket) == ["train_shard_1.tar", "val_shard_1.tar"]
    found = contents(f"{SHARDS}/train_shard_1.tar")
    assert found["long"] == (tmp_path / "long.wav").read_bytes()


UPLOAD = (
    "import sys; from pathlib import Path; from syncfusion.addresses import upload; "
    "upload(Path(sys.argv[1]), sys.argv[2], overwrite=False)"
)


@pytest.mark.slow
def test_a_writer_killed_between_the_parts_of_a_large_shard_leaves_no_object(
    server, bucket, tmp_path
):
    with (tmp_path / "large.tar").open("wb") as file:
        file.truncate(110_000_000)  # s3fs sends parts from 100 MB on
    server.hold_from = 2**22
    words = [sys.executable, "-c", UPLOAD, str(tmp_path / "large.tar"), f"{SHARDS}/large.tar"]
    with subprocess.Popen(words) as writer:
        assert server.upload_seen.wait(60)
        writer.kill()
    server.go_on.set()
    assert names(bucket) == []
    subprocess.run(words, check=True)
    assert bucket.size(f"{SHARDS}/large.tar") == 110_000_000


@pytest.mark.slow
def test_a_training_reads_what_workers_wrote(processed, server, tmp_path):
    extras = Extras(encoder=CountingEncoder(), identity=EncoderIdentity("counting", "abc"))
    write_set(processed, tmp_path / "local", extras)
    write_set(processed, SHARDS, extras, n_workers=2)
    server.breaks_left = 2
    for name, shards in (("local", tmp_path / "local"), ("s3", SHARDS)):
        run(shards, tmp_path / name, "steps=4")
        assert last(tmp_path / name)["global_step"] == 4
    assert server.breaks_left == 0

    def losses(name):
        return [row["loss/train"] for row in logged(tmp_path / name)]

    assert losses("s3") == losses("local")

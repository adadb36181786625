"""Shards at an address, behind a server that breaks off, stalls and fails."""

import itertools
import shutil
from collections import namedtuple

import pytest
from torch.utils.data import DataLoader

from helpers.broken_server import broken_server
from helpers.shard_files import CountingEncoder, make_shard, write_processed
from syncfusion.errors import InputError
from syncfusion.shards.access import Access
from syncfusion.shards.chunks import Slicing
from syncfusion.shards.published import write_set
from syncfusion.shards.stream import Endless, Streaming
from syncfusion.shards.tars import read_samples

QUICK = {"retry_seconds": 0.01}


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "served"
    made.mkdir()
    make_shard(made / "shard.tar", "a b")
    return made


@pytest.fixture(params=[True, False], ids=["ranges", "no ranges"])
def server(folder, request):
    with broken_server(folder, ranges=request.param) as found:
        yield found


def contents(shard, **settings):
    samples = read_samples(str(shard), Access(**QUICK | settings))
    return {sample["__key__"]: sample["resampled.wav"] for sample in samples}


def test_a_shard_comes_whole_through_connections_that_break_off(server, folder):
    server.breaks_left, server.errors_left = 2, 2
    assert contents(f"{server.address}/shard.tar") == contents(folder / "shard.tar")
    assert (server.breaks_left, server.errors_left) == (0, 0)


def test_a_server_that_falls_silent_is_asked_again(server, folder):
    server.stalls_left = 1
    found = contents(f"{server.address}/shard.tar", timeout_seconds=0.3)
    assert found == contents(folder / "shard.tar")


def test_one_that_never_recovers_is_named_before_long(server):
    server.errors_left = 1000
    with pytest.raises(InputError, match=r"shard.tar: it does not answer: 503"):
        contents(f"{server.address}/shard.tar", retries=2)
    assert server.errors_left == 1000 - 3


def test_what_is_not_there_is_not_asked_for_again(server):
    with pytest.raises(InputError, match="missing.tar"):
        contents(f"{server.address}/missing.tar", retry_seconds=60.0)


def test_a_cache_asks_for_the_bytes_once_until_they_change(server, folder, tmp_path):
    address, cache = f"{server.address}/shard.tar", tmp_path / "cache"
    first = contents(address, cache=cache)
    sent = server.n_bytes
    assert contents(address, cache=cache) == first
    assert server.n_bytes == sent
    make_shard(folder / "shard.tar", "c d")
    server.tag = "two"
    assert contents(address, cache=cache).keys() == {"c", "d"}
    assert not list(cache.glob(".syncfusion-*"))


def test_a_cache_on_a_full_disk_is_done_without(server, folder, tmp_path, monkeypatch, caplog):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(2**30, 2**30 - 2**20, 2**20))
    found = contents(f"{server.address}/shard.tar", cache=tmp_path / "cache")
    assert found == contents(folder / "shard.tar")
    assert not list((tmp_path / "cache").iterdir())
    assert "has no room" in caplog.text


def clips(shards, n_batches, **settings):
    stream = Endless(
        shards=shards,
        slicing=Slicing(chunk_size=4096),
        streaming=Streaming(shuffle_size=6, clips_per_epoch=40, **settings.pop("streaming", {})),
        batch_size=2,
        **settings,
    )
    loader = DataLoader(stream, 2, num_workers=settings.get("n_workers", 0), collate_fn=list)
    batches = itertools.islice(loader, n_batches)
    return [[(clip.name, clip.waveform.sum().item()) for clip in batch] for batch in batches]


@pytest.fixture
def ragged(tmp_path):
    """Shards of one, two and three recordings."""
    parts = ("a", "b c", "d e f")
    return [make_shard(tmp_path / f"{number}.tar", part) for number, part in enumerate(parts)]


def test_resampling_ranks_take_equal_steps_on_ragged_shards_each_with_clips_of_its_own(ragged):
    settings = {"streaming": {"resample": True}, "n_ranks": 4}
    ranks = [clips(ragged, 30, rank=rank, **settings) for rank in range(4)]
    assert {len(batches) for batches in ranks} == {30}
    assert all(len(batch) == 2 for batches in ranks for batch in batches)
    assert len({str(batches) for batches in ranks}) == 4
    for batches in ranks:
        assert {name for batch in batches for name, _ in batch} == set("abcdef")


def test_a_resampled_stream_goes_on_where_it_was(ragged):
    settings = {"streaming": {"resample": True}, "rank": 1, "n_ranks": 2}
    whole = clips(ragged, 20, **settings)
    assert clips(ragged, 7, first_batch=13, **settings) == whole[13:]


def test_shards_are_written_to_an_address_once(tmp_path):
    import fsspec

    processed = write_processed(tmp_path / "processed", train="a b c", val="d", test="e")
    local = write_set(processed, tmp_path / "local")
    written = write_set(processed, "memory://bucket/shards")
    memory = fsspec.filesystem("memory")
    assert [memory.cat(place) for place in written] == [path.read_bytes() for path in local]
    memory.pipe("/bucket/shards/val_shard_1.tar", b"of another run")
    write_set(processed, "memory://bucket/shards")
    assert memory.cat(written[3]) == b"of another run"
    write_set(processed, "memory://bucket/shards", overwrite=True)
    assert memory.cat(written[3]) == local[3].read_bytes()


def test_a_file_system_without_whole_writes_gets_the_name_last(tmp_path):
    processed = write_processed(tmp_path / "processed", train="a")
    [written] = write_set(processed, f"file://{tmp_path}/made")
    assert written == f"file://{tmp_path}/made/train_shard_1.tar"
    assert [path.name for path in (tmp_path / "made").iterdir()] == ["train_shard_1.tar"]


def test_an_address_that_nothing_opens_is_refused(tmp_path):
    processed = write_processed(tmp_path / "processed", train="a")
    with pytest.raises(InputError, match="gopher://bucket.* is no address that is known"):
        write_set(processed, "gopher://bucket")


@pytest.mark.slow
def test_workers_write_the_same_shards(tmp_path):
    from syncfusion.shards.embeddings import EncoderIdentity
    from syncfusion.shards.writer import Extras

    processed = write_processed(tmp_path / "processed", train="a b c", val="d", test="e")
    extras = Extras(encoder=CountingEncoder(), identity=EncoderIdentity("counting", "abc"))
    one = write_set(processed, tmp_path / "one", extras)
    many = write_set(processed, tmp_path / "many", extras, n_workers=2)
    assert [path.read_bytes() for path in many] == [path.read_bytes() for path in one]
    (processed / "d" / "audio" / "d.resampled.wav").unlink()
    with pytest.raises(InputError, match=r"val_shard_1.tar was not written: .*d.resampled.wav"):
        write_set(processed, tmp_path / "many", extras, n_workers=2)

import itertools
import logging
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from torch.utils.data import DataLoader

from helpers.shard_files import make_shard, wav, write_tar
from syncfusion.errors import InputError
from syncfusion.shards.chunks import Slicing
from syncfusion.shards.stream import Endless, OnePass, Reader, Streaming

pytestmark = pytest.mark.filterwarnings("ignore:This DataLoader will create")
SLICING = Slicing(chunk_size=4096)
N_CLIPS = 3  # of a recording


@pytest.fixture(scope="module")
def shards(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shards")
    names = ("a b", "c d", "e f")
    return [make_shard(folder / f"{part.replace(' ', '')}.tar", part) for part in names]


def endless(shards, **settings):
    """An endless stream; settings of Streaming and of the stream itself."""
    own = {"shuffle_size": 6, "clips_per_epoch": 40}
    own |= {name: settings.pop(name) for name in list(settings) if hasattr(Streaming, name)}
    settings = {"batch_size": 2} | settings
    return Endless(shards=shards, slicing=SLICING, streaming=Streaming(**own), **settings)


def read(stream, n_batches, n_workers=0):
    """The first batches, each clip as a name and a number that tells it from all others."""
    loader = DataLoader(stream, stream.batch_size, num_workers=n_workers, collate_fn=list)
    return [
        [(clip.name, clip.waveform.double().sum().item()) for clip in batch]
        for batch in itertools.islice(loader, n_batches)
    ]


def test_a_seed_decides_the_stream(shards):
    first, same, other = (read(endless(shards, seed=seed), 12) for seed in (1, 1, 2))
    assert first == same != other


def test_every_recording_comes_equally_often(shards):
    batches = read(endless(shards, clips_per_epoch=450), 150)
    counts = Counter(name for batch in batches for name, _ in batch)
    assert set(counts) == set("abcdef")
    assert max(counts.values()) - min(counts.values()) < 12


def test_epochs_differ_in_order_and_offsets(shards):
    batches = read(endless(shards, clips_per_epoch=18, shuffle_size=18), 18)
    clips = [clip for batch in batches for clip in batch]
    assert [name for name, _ in clips[:18]] != [name for name, _ in clips[18:]]
    assert {total for _, total in clips[:18]} != {total for _, total in clips[18:]}


def test_shuffling_mixes_recordings(shards):
    straight = read(endless(shards, shuffle_size=1), 6)
    mixed = read(endless(shards, shuffle_size=18), 6)
    changes = [
        sum(a[0] != b[0] for a, b in itertools.pairwise([c for batch in found for c in batch]))
        for found in (straight, mixed)
    ]
    assert changes[0] == 12 // N_CLIPS - 1 < changes[1]


@pytest.mark.parametrize(("n_workers", "seen"), [(0, 16), (1, 1), (2, 7), (4, 5)])
def test_a_stream_goes_on_where_it_was(shards, n_workers, seen):
    whole = read(endless(shards), seen + 6, n_workers)
    rest = read(endless(shards, first_batch=seen), 6, n_workers)
    assert rest == whole[seen:]


def test_workers_read_different_clips(shards):
    batches = read(endless(shards, clips_per_epoch=4000), 9, n_workers=3)
    clips = [clip for batch in batches for clip in batch]
    assert len(set(clips)) == len(clips)


def test_more_workers_than_shards_all_deliver(shards):
    batches = read(endless(shards[:1]), 16, n_workers=4)
    assert [len(batch) for batch in batches] == [2] * 16
    assert [batch[0] for batch in batches[:4]] != [batches[0][0]] * 4


@pytest.mark.parametrize(("n_workers", "seen"), [(0, 0), (2, 3)])
def test_ranks_share_the_batches_of_one_process(shards, n_workers, seen):
    settings = {"clips_per_epoch": 14, "first_batch": seen}
    ranks = [endless(shards, rank=rank, n_ranks=2, **settings) for rank in (0, 1)]
    parts = [read(stream, 9, n_workers) for stream in ranks]
    whole = read(endless(shards, batch_size=4, **settings), 9, n_workers)
    assert [one + other for one, other in zip(*parts, strict=True)] == whole


def test_shards_are_split_over_all_readers():
    shards = [f"{n}.tar" for n in range(7)]
    shares = [Reader(number, 3).choose(shards, "0/0/0") for number in range(3)]
    assert sorted(sum(shares, [])) == shards
    assert max(map(len, shares)) - min(map(len, shares)) <= 1


def test_where_shards_are_few_every_reader_reads_all():
    shards = ["1.tar", "2.tar"]
    orders = {tuple(Reader(number, 8).choose(shards, "0/0/0")) for number in range(8)}
    assert orders == {("1.tar", "2.tar"), ("2.tar", "1.tar")}


def test_one_pass_gives_every_clip_once_and_the_same_every_time(shards):
    stream = OnePass(shards=shards, slicing=SLICING, streaming=Streaming())
    first, second = ([(clip.name, clip.waveform.sum()) for clip in stream] for _ in range(2))
    assert first == second
    assert [name for name, _ in first] == [name for name in "abcdef" for _ in range(N_CLIPS)]


@pytest.mark.parametrize("n_workers", [2, 5])
def test_workers_share_one_pass(shards, n_workers):
    stream = OnePass(shards=shards, slicing=SLICING, streaming=Streaming())
    loader = DataLoader(stream, 2, num_workers=n_workers, collate_fn=list)
    counts = Counter(clip.name for batch in loader for clip in batch)
    assert counts == dict.fromkeys("abcdef", N_CLIPS)


def test_a_faulty_sample_is_left_out_of_every_pass_and_said_once(shards, tmp_path, caplog):
    bad = write_tar(tmp_path / "bad.tar", {"x.resampled.wav": wav()})
    with caplog.at_level(logging.WARNING):
        batches = read(endless([shards[0], bad]), 30)
    assert {name for batch in batches for name, _ in batch} == {"a", "b"}
    assert len(caplog.messages) == 1
    assert "x in " in caplog.messages[0]


def test_too_many_faulty_samples_end_the_stream(shards, tmp_path):
    bad = write_tar(tmp_path / "bad.tar", {f"{n}.resampled.wav": wav() for n in range(3)})
    with pytest.raises(InputError, match="3 faulty samples where 2 are allowed: 0, 1, 2"):
        read(endless([shards[0], bad], max_faulty=2), 30)


def test_shards_without_any_clip_are_an_error_and_no_endless_search(tmp_path):
    members = {"a.resampled.wav": wav(level=0.0), "a.times.csv": b"0.01,wood hit\n"}
    shard = write_tar(tmp_path / "silent.tar", members)
    with pytest.raises(InputError, match=r"silent.tar hold no clip with an audible onset"):
        read(endless([shard]), 1)


def test_a_shard_that_is_cut_off_ends_the_stream(shards, tmp_path):
    cut = tmp_path / "cut.tar"
    cut.write_bytes(Path(shards[0]).read_bytes()[:40_000])
    with pytest.raises(InputError, match=r"cannot read the shard .*cut.tar"):
        read(endless([str(cut)]), 12)


@pytest.mark.parametrize(
    "wrong",
    [{"clips_per_epoch": 0}, {"shuffle_size": 0}, {"max_faulty": -1}, {"timeout_seconds": 0.0}],
)
def test_settings_out_of_range_are_an_error(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        replace(Streaming(), **wrong)

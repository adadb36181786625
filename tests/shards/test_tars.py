import bz2
import functools
import gzip
import lzma
import os
import resource
import tarfile
import threading
import time
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from helpers.shard_files import csv, make_shard, wav, write_tar
from syncfusion.errors import InputError
from syncfusion.shards.access import Access, find_shards
from syncfusion.shards.recording import Faults, read_recordings
from syncfusion.shards.tars import read_samples

ANY = Access(allow_commands=True)


def names(shard, **settings):
    access = Access(**{"allow_commands": True} | settings)
    return [sample["__key__"] for sample in read_samples(str(shard), access)]


@pytest.fixture
def shard(tmp_path):
    return make_shard(tmp_path / "shard.tar", "a b")


@pytest.fixture
def server(tmp_path):
    """The address of a web server over the test's folder."""
    handler = functools.partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as found:
        threading.Thread(target=found.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{found.server_port}"
        found.shutdown()


def test_braces_name_several_shards_in_order():
    assert find_shards("a/t_{1..3}.tar") == ["a/t_1.tar", "a/t_2.tar", "a/t_3.tar"]
    assert find_shards(["s3://b/t_{1..2}.tar", "x.tar"]) == [
        "s3://b/t_1.tar",
        "s3://b/t_2.tar",
        "x.tar",
    ]


def test_wildcards_name_the_shards_that_are_there(tmp_path):
    for name in ("t_2.tar", "t_1.tar", "v_1.tar"):
        (tmp_path / name).touch()
    assert find_shards(f"{tmp_path}/t_*.tar") == [f"{tmp_path}/t_{n}.tar" for n in (1, 2)]


@pytest.mark.parametrize(
    ("urls", "reason"),
    [
        ("nowhere/t_*.tar", "no shard nowhere/t_"),
        ([], "no shards are given"),
        ("t_{1..3.tar", "t_{1..3.tar of shards is not understood"),
    ],
)
def test_names_that_stand_for_no_shard_are_an_error(urls, reason):
    with pytest.raises(InputError, match=reason):
        find_shards(urls)


def test_a_name_with_dots_and_a_folder_is_one_sample(tmp_path):
    members = {"set/take.2.resampled.wav": wav(), "set/take.2.times.csv": csv().encode()}
    [sample] = read_samples(write_tar(tmp_path / "shard.tar", members))
    assert sample["__key__"] == "take.2"
    assert {"resampled.wav", "times.csv"} < sample.keys()


def test_members_of_other_kinds_are_left_out(tmp_path):
    members = {"a.mp4": b"x", "a.resampled.wav": b"y", "a.times.csv": b"z", "readme": b""}
    [sample] = read_samples(write_tar(tmp_path / "shard.tar", members))
    assert not {"mp4", "readme"} & sample.keys()


@pytest.mark.parametrize("prefix", ["", "file://", "pipe:cat "])
def test_paths_and_commands_are_read(shard, prefix):
    assert names(prefix + shard) == ["a", "b"]


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
def test_a_compressed_shard_is_refused_before_it_unpacks_to_any_size(tmp_path, shard, compress):
    (tmp_path / "shard.tar.gz").write_bytes(compress((tmp_path / "shard.tar").read_bytes()))
    with pytest.raises(
        InputError, match=r"compressed by (gzip|bzip2|xz), unpack it to a plain tar"
    ):
        names(tmp_path / "shard.tar.gz")


def test_a_shell_command_is_run_only_where_that_is_allowed(tmp_path, shard):
    command = f"pipe:touch {tmp_path}/run; cat {shard}"
    with pytest.raises(InputError, match=r"is a shell command, .*streaming\.allow_commands=true"):
        names(command, allow_commands=False)
    assert not (tmp_path / "run").exists()
    assert names(command) == ["a", "b"]


def test_a_member_larger_than_the_limit_is_refused_unread(tmp_path):
    entry = tarfile.TarInfo("a.resampled.wav")
    entry.size = 600 * 2**20
    (tmp_path / "shard.tar").write_bytes(entry.tobuf())
    with pytest.raises(InputError, match="a.resampled.wav has 600 MB, more than the 512 that are"):
        names(tmp_path / "shard.tar")


def test_hidden_members_as_a_mac_packs_them_are_skipped(tmp_path):
    own = {f"{name}.{kind}": b"x" for name in "ab" for kind in ("resampled.wav", "times.csv")}
    members = {name: b"x" for member in own for name in (f"._{member}", member)}
    assert names(write_tar(tmp_path / "shard.tar", members)) == ["a", "b"]


@pytest.mark.parametrize(
    "order",
    [
        ("a.resampled.wav", "b.resampled.wav", "a.times.csv", "b.times.csv"),
        ("a.resampled.wav", "a.times.csv", "b.resampled.wav", "b.times.csv", "a.times.pred.csv"),
    ],
)
def test_a_sample_whose_members_lie_apart_is_refused(tmp_path, order):
    shard = write_tar(tmp_path / "shard.tar", dict.fromkeys(order, b"x"))
    with pytest.raises(InputError, match="the members of a do not lie next to each other"):
        list(read_recordings(shard, Faults(9)))


def test_a_member_that_comes_twice_is_refused(tmp_path):
    with tarfile.open(tmp_path / "shard.tar", "w") as tar:
        for _ in range(2):
            tar.addfile(tarfile.TarInfo("a.times.csv"))
    with pytest.raises(InputError, match="it holds a.times.csv twice"):
        names(tmp_path / "shard.tar")


def test_more_open_files_than_select_can_count_do_not_matter(shard):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 2048:
        pytest.skip("the system allows fewer open files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2048), hard))
    held = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]
    try:
        assert names(f"pipe:cat {shard}") == ["a", "b"]
    finally:
        for descriptor in held:
            os.close(descriptor)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_web_address_is_read(server, shard):
    assert names(f"{server}/shard.tar") == ["a", "b"]


@pytest.mark.parametrize("kind", ["", "pipe:cat "])
@pytest.mark.parametrize("end", ["in a sound", "in a header", "between members", "at once"])
def test_a_shard_that_is_cut_off_is_an_error(tmp_path, shard, kind, end):
    content = (tmp_path / "shard.tar").read_bytes()
    second = content.index(b"b.resampled.wav")
    length = {"in a sound": second + 2000, "in a header": second + 100, "between members": second}
    (tmp_path / "shard.tar").write_bytes(content[: length.get(end, 0)])
    with pytest.raises(InputError, match=r"cannot read the shard .*shard.tar"):
        names(kind + shard)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("missing.tar", "No such file"),
        ("pipe:exit 3", "ended with code 3"),
        ("pipe:no-such-command-here", "ended with code 127"),
        ("gopher://somewhere/shard.tar", "no address that is known"),
    ],
)
def test_what_cannot_be_opened_is_an_error(url, reason):
    with pytest.raises(InputError, match=rf"{url}.*{reason}"):
        names(url)


def test_a_page_that_is_not_there_is_an_error(server):
    with pytest.raises(InputError, match="missing.tar"):
        names(f"{server}/missing.tar")


def test_a_command_that_hangs_is_an_error_before_long():
    began = time.perf_counter()
    with pytest.raises(InputError, match="nothing has come for 0.2 s"):
        names("pipe:exec sleep 30", timeout_seconds=0.2)
    assert time.perf_counter() - began < 10


def test_a_reader_that_leaves_early_does_not_wait_for_the_command(shard):
    began = time.perf_counter()
    samples = read_samples(f"pipe:cat {shard}; exec sleep 30", ANY)
    next(samples)
    samples.close()
    assert time.perf_counter() - began < 10

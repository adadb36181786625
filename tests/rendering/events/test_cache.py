"""The cache of takes: exact, bounded, and safe against damage and other processes."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from syncfusion.errors import InputError
from syncfusion.rendering.events.cache import TakeCache, default_cache
from syncfusion.rendering.events.takes import Take, make_take


def take(name: str, n_samples: int = 1000) -> Take:
    return make_take(torch.sin(torch.arange(n_samples) / 9)[None], 240, name * 64)


def test_a_take_comes_back_bit_for_bit(tmp_path):
    cache, kept = TakeCache(tmp_path / "takes"), take("a")
    assert (cache.get(kept.key), kept.key in cache) == (None, False)
    cache.put(kept)
    found = cache.get(kept.key)
    assert kept.key in cache
    assert torch.equal(found.samples, kept.samples)
    assert (found.attack, found.key) == (240, kept.key)


@pytest.mark.parametrize("damage", ["cut", "bit", "empty", "other"])
def test_a_damaged_take_counts_as_none_and_is_replaced(tmp_path, damage):
    cache, kept = TakeCache(tmp_path), take("a")
    cache.put(kept)
    (path,) = tmp_path.rglob("*.take")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    damaged = {"cut": content[:-900], "bit": content, "empty": b"", "other": b"not a take"}
    path.write_bytes(damaged[damage])
    assert cache.get(kept.key) is None
    cache.put(kept)
    assert torch.equal(cache.get(kept.key).samples, kept.samples)


def test_the_least_recently_used_go_first(tmp_path):
    unbounded = TakeCache(tmp_path)
    for age, name in enumerate("abcd"):
        unbounded.put(take(name))
        (path,) = tmp_path.rglob(f"{name * 64}.take")
        os.utime(path, (age, age))
    size = path.stat().st_size
    unbounded.get("a" * 64)
    TakeCache(tmp_path, 2 * size).trim()
    assert {path.stem[0] for path in tmp_path.rglob("*.take")} == {"a", "d"}


def test_two_that_write_one_take_at_once_leave_it_whole(tmp_path):
    cache, kept = TakeCache(tmp_path), take("a", 20_000)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: cache.put(kept), range(12)))
    assert torch.equal(cache.get(kept.key).samples, kept.samples)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [f"{kept.key}.take"]


def test_a_place_that_cannot_hold_takes_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot keep takes in"):
        TakeCache(tmp_path / "file").put(take("a"))


def test_the_usual_cache_is_in_the_users_folder_and_temporary_where_that_is_none(
    tmp_path, monkeypatch, caplog
):
    monkeypatch.setenv("SYNCFUSION_TAKES", str(tmp_path / "takes"))
    assert default_cache().folder == tmp_path / "takes"
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SYNCFUSION_TAKES", str(tmp_path / "file"))
    default_cache().put(take("a"))
    assert default_cache().get("a" * 64) is not None
    assert "kept for this run only" in caplog.text

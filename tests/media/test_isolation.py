"""Decoding in a process of its own."""

import itertools
import json
import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from helpers import bad_decoders
from helpers.media_files import make_video, regular
from syncfusion.errors import InputError
from syncfusion.media import (
    isolation,
    probe,
    read_audio,
    read_frames,
    read_grey,
    shared_memory,
    wire,
)
from syncfusion.media.examining import examine
from syncfusion.media.grey import grey_batches
from syncfusion.media.isolation import answer, answers
from syncfusion.media.limits import LEAST_MEMORY, MOST_MEMORY, usual_limits
from syncfusion.media.pictures import frame_batches

SCRIPT = """
import os, sys
from itertools import islice
from pathlib import Path
from helpers import bad_decoders
from syncfusion.media import isolation
from syncfusion.media.isolation import answers
from syncfusion.media.limits import Limits
"""


@pytest.fixture
def limited(monkeypatch):
    """Set the limits of the next processes that decode."""
    return lambda **given: monkeypatch.setattr(
        isolation, "usual_limits", lambda: usual_limits()._replace(**given)
    )


def items(function, *arguments):
    return list(answers("clip.mp4", function, *arguments))


def sentence(function, *arguments):
    """The error of a function, after which the next request is answered."""
    with pytest.raises(InputError) as raised:
        items(function, *arguments)
    assert items(bad_decoders.echo, 1) == [(1,)]
    assert "\n" not in str(raised.value)
    return str(raised.value)


def runs(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (OSError, IndexError):
        return False


def ends(pid, seconds=10):
    """Whether a process has ended soon."""
    deadline = time.monotonic() + seconds
    while runs(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not runs(pid)


def started(code, *arguments):
    """A process that runs code, and the first line that it prints."""
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT + code, *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (bad_decoders.crash, "crash (SIGSEGV)"),
        (bad_decoders.abort, "crash (SIGABRT)"),
        (bad_decoders.leave, "crash (exit code 3)"),
    ],
)
def test_a_crash_is_a_sentence(function, reason):
    assert sentence(function) == (
        f"clip.mp4 makes its decoder {reason}; export it again, or convert it to mp4 or wav"
    )


def test_a_hang_is_a_sentence(limited):
    limited(seconds=0.2)
    assert "clip.mp4 makes its decoder hang (0.2 s without a result)" in sentence(bad_decoders.hang)


def test_time_that_ffmpeg_does_not_take_does_not_count(limited):
    limited(seconds=0.2)
    assert items(bad_decoders.work_long, 0.5) == [("done",)]
    found = answers("clip.mp4", bad_decoders.work_long, 0.0)
    time.sleep(0.5)
    assert list(found) == [("done",)]


def test_too_much_memory_is_a_sentence(limited):
    limited(memory=2**32)
    assert "clip.mp4 takes more memory to decode than it may (4 GiB)" in sentence(
        bad_decoders.swell
    )


def test_pictures_that_need_more_memory_than_allowed_are_a_sentence(limited, tmp_path):
    video = make_video(tmp_path / "a.mp4", regular(25, 3), size=(1920, 1080))
    used = items(bad_decoders.size)[0][0]
    limited(memory=used + 2**20)
    with pytest.raises(InputError, match="takes more memory"):
        list(read_grey(examine(video), width=32, height=32, maximum_fps=30))


def test_a_process_that_is_killed_is_a_sentence(tmp_path):
    found = answers("clip.mp4", bad_decoders.count, tmp_path / "n")
    os.kill(next(found)[0] - 1, signal.SIGKILL)
    with pytest.raises(InputError, match="killed, perhaps for lack of memory"):
        list(found)


def test_the_limits_are_those_of_the_machine():
    memory, dumps = items(bad_decoders.limits)[0]
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    assert memory == min(MOST_MEMORY, max(LEAST_MEMORY, int(0.75 * machine)))
    assert dumps == 0


def test_errors_come_back_as_they_were():
    with pytest.raises(InputError, match=r"^the file is not liked$"):
        items(bad_decoders.refuse)
    with pytest.raises(OSError, match="No space left") as full:
        items(bad_decoders.fill_disk)
    assert (full.value.errno, full.value.filename) == (28, "out.mp4")
    with pytest.raises(RuntimeError, match="LookupError: a bug"):
        items(bad_decoders.fail)


def test_values_and_arrays_come_back_as_they_were():
    arrays = (np.zeros((2, 0, 3), np.float32), np.arange(6, dtype=np.int16).reshape(2, 3).T)
    values = (None, True, 0.1, -3, "ü", [1, "a"], {"a": [2.5]}, float("inf"))
    [found] = items(bad_decoders.echo, *values, *arrays)
    assert found[: len(values)] == values
    for array, expected in zip(found[len(values) :], arrays, strict=True):
        assert (array.dtype, array.shape) == (expected.dtype, expected.shape)
        assert np.array_equal(array, expected)


@pytest.mark.parametrize("has_memory", [True, False])
@pytest.mark.parametrize("shape", [(3, 5), (100, 50), (1000, 500), (1000, 1200)])
def test_arrays_of_any_size_come_one_after_another(monkeypatch, shape, has_memory):
    if not has_memory:
        isolation.let_go_of_all()
        monkeypatch.setattr(shared_memory, "create", lambda: None)
    found = items(bad_decoders.counted, 7, shape)
    assert [array.shape for array in found[0]] == [shape, shape[::-1]]
    assert all(np.all(array == number) for number, pair in enumerate(found) for array in pair)
    assert items(bad_decoders.echo, 1) == [(1,)]
    isolation.let_go_of_all()


def test_memory_that_is_shared_keeps_its_size():
    descriptor = shared_memory.create()
    if descriptor is None:
        pytest.skip("this system shares no memory without a name")
    with pytest.raises(PermissionError):
        os.ftruncate(descriptor, 0)
    os.close(descriptor)


@pytest.mark.parametrize(("shape", "place"), [([4], 2**62), ([2**23 + 1], 0), ([-1], 0), ([4], -8)])
def test_no_array_lies_outside_the_shared_memory(tmp_path, shape, place):
    descriptor = shared_memory.create()
    if descriptor is None:
        pytest.skip("this system shares no memory without a name")
    content = json.dumps(["item", [{"array": ["|u1", shape, place]}]]).encode()
    (tmp_path / "answer").write_bytes(wire.LENGTH.pack(len(content)) + content)
    with (tmp_path / "answer").open("rb") as file, pytest.raises(EOFError):
        wire.receive_answer(file, shared_memory.Receiver(descriptor))
    os.close(descriptor)


def test_what_is_logged_is_logged_here_and_remarks_once(caplog):
    isolation._log_once.cache_clear()
    items(bad_decoders.warn)
    items(bad_decoders.warn)
    found = [(record.name, record.levelno, record.getMessage()) for record in caplog.records]
    remark, damage = (
        ("syncfusion.media.container", logging.WARNING, text)
        for text in ("a remark of 100 %", "left out 3")
    )
    assert found == [remark, damage, damage]


def test_the_process_is_used_again_and_another_where_it_is_busy(tmp_path):
    [[first]], [[again]] = items(bad_decoders.pid), items(bad_decoders.pid)
    assert first == again != os.getpid()
    busy = answers("clip.mp4", bad_decoders.count, tmp_path / "n")
    assert next(busy)[0] - 1 == first
    assert items(bad_decoders.pid) != [(first,)]
    busy.close()
    assert ends(first)


def test_paths_count_from_the_folder_of_this_moment(tmp_path, monkeypatch):
    items(bad_decoders.where)
    monkeypatch.chdir(tmp_path)
    assert items(bad_decoders.where) == [(str(tmp_path),)]


def test_a_reader_that_stops_ends_the_work(tmp_path):
    found = answers("clip.mp4", bad_decoders.count, tmp_path / "n")
    pid = [number for number, _ in itertools.islice(found, 3)][0] - 1
    time.sleep(0.2)
    ahead = int((tmp_path / "n").read_text()) - pid
    assert ahead < 60  # a pipe of 1 MiB holds 16 items
    assert runs(pid)
    found.close()
    assert not runs(pid)


def test_a_parent_that_is_killed_takes_the_process_along(tmp_path):
    code = "for n, _ in answers('a', bad_decoders.count, Path(sys.argv[1])): print(n, flush=True)"
    parent, number = started(code, tmp_path / "n")
    child = int(number) - 1
    assert runs(child)
    parent.kill()
    assert ends(child)
    parent.communicate()


def test_a_parent_that_is_killed_takes_an_idle_or_hanging_process_along():
    code = """
isolation.usual_limits = lambda: Limits(2**34, 2.0)
print(*next(answers("a", bad_decoders.pid)), flush=True)
list(answers("a", bad_decoders.hang if sys.argv[1] == "hang" else bad_decoders.pid))
sys.stdin.read()
"""
    for state in ("hang", "idle"):
        parent, child = started(code, state)
        time.sleep(0.2)
        parent.kill()
        assert ends(int(child))
        parent.communicate()


def test_a_process_that_ends_leaves_none_behind():
    parent, child = started("print(*list(answers('a', bad_decoders.pid))[0], flush=True)")
    assert parent.wait(10) == 0
    assert ends(int(child))


def test_a_forked_process_neither_disturbs_nor_shares_the_process():
    code = """
import multiprocessing
def work():
    try:
        found.close()
        (pid,) = next(answers("a", bad_decoders.pid))
        os._exit(pid == child)
    except BaseException:
        os._exit(9)
print("ready", flush=True)
found = answers("a", bad_decoders.count, Path(sys.argv[1]))
child = next(found)[0] - 1
forked = multiprocessing.get_context("fork").Process(target=work, daemon=True)
forked.start()
forked.join()
print(forked.exitcode, len(list(islice(found, 50))))
"""
    parent, _ = started(code, "/dev/null")
    assert parent.communicate(timeout=20)[0].split() == ["0", "50"]


def test_frames_are_those_that_are_decoded_here(tmp_path):
    video = make_video(tmp_path / "a.mkv", regular(25, 40), b_frames=2)
    info = probe(video)
    assert info == examine(video)
    here = [frames for (frames,) in frame_batches(info, 15, (48, 32), 8)]
    found = [frames.numpy() for frames in read_frames(video, fps=15, width=48, height=32, batch=8)]
    assert all(np.array_equal(a, b) for a, b in zip(found, here, strict=True))
    grey = [pair for batch in grey_batches(info, (48, 32), 20) for pair in zip(*batch, strict=True)]
    assert len(grey) == 20
    for picture, (pixels, second) in zip(
        read_grey(info, width=48, height=32, maximum_fps=20), grey, strict=True
    ):
        assert np.array_equal(picture.pixels, pixels)
        assert picture.time == second


def test_the_process_imports_no_torch():
    assert answer("a", bad_decoders.imported, "syncfusion.media.muxing", "torch") is False


def test_a_video_under_the_name_of_a_sound_file_is_read_by_ffmpeg(tmp_path):
    video = make_video(tmp_path / "a.mp4", regular(25, 25), sound=np.ones(48_000, np.float32) / 2)
    expected = read_audio(video).samples
    assert expected.shape[1] >= 48_000
    assert np.array_equal(read_audio(video.rename(tmp_path / "a.wav")).samples, expected)

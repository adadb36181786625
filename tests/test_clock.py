"""A clock that jumps while a command runs, and files from the future: the same results."""

import os
import random
import time

import pytest

from helpers.kill_jobs import UNATTENDED
from helpers.kill_points import finish, prepared, start
from syncfusion.training.onset_training import find_last

YEAR = 365 * 86_400


@pytest.mark.slow
@pytest.mark.parametrize("name", UNATTENDED)
def test_a_command_ends_alike_whatever_the_clock_shows(name, tmp_path, monkeypatch):
    with prepared(tmp_path) as jobs:
        [job] = [job for job in jobs if job.name == name]
        reference, work = tmp_path / "reference", tmp_path / "work"
        for path in (tmp_path / "inputs").rglob("*"):
            os.utime(path, (time.time() + YEAR, time.time() + YEAR))
        finish(start(job, reference), reference)
        clock, rng = time.time, random.Random(0)
        monkeypatch.setattr(time, "time", lambda: clock() + rng.choice((-YEAR, 0, YEAR)))
        finish(start(job, work), work)
        assert job.differ(work / "out", reference / "out") is None
        finish(start(job, work), work)  # it finds its work done, or does the same again
        assert job.differ(work / "out", reference / "out") is None


def test_of_several_last_checkpoints_that_of_the_most_steps_is_resumed(tmp_path):
    import torch

    folder = tmp_path / "checkpoints"
    folder.mkdir()
    for step, name in ((20, "last"), (30, "last-v1"), (10, "last-v2")):
        torch.save({"global_step": step}, folder / f"{name}.ckpt")
        os.utime(folder / f"{name}.ckpt", (YEAR - step, YEAR - step))  # the clock was set back
    assert find_last(tmp_path, None) == str(folder / "last-v1.ckpt")
    (folder / "last-v3.ckpt").write_bytes(b"half")
    assert find_last(tmp_path, "last") == str(folder / "last-v1.ckpt")
    assert find_last(tmp_path / "none", None) is None

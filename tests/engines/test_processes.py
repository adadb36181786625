import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from syncfusion.engines.processes import in_processes
from syncfusion.errors import InputError


def fail(error):
    raise error


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def tidy_up(folder, seconds):
    """Work until stopped, then take a while to leave a note."""
    (folder / "started").touch()
    try:
        time.sleep(60)
    finally:
        time.sleep(seconds)
        (folder / "tidied").touch()


def wait_for(*paths):
    deadline = time.monotonic() + 30
    while not all(path.exists() for path in paths):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def run(jobs, **options):
    return in_processes(jobs, n_workers=2, stage="jobs", **options)


def test_failures_are_told_in_the_order_of_the_jobs_and_do_not_stop_the_others(tmp_path):
    jobs = {
        "b": partial(fail, InputError("b is broken; mend it")),
        "a": (tmp_path / "a").touch,
        "c": partial(fail, OSError("disk full")),
    }
    failures = run(jobs)
    assert list(failures.items()) == [("b", "b is broken; mend it"), ("c", "OSError: disk full")]
    assert (tmp_path / "a").is_file()


def test_a_worker_that_is_killed_is_a_failure_not_a_hang():
    assert "perhaps for lack of memory" in run({"a": die})["a"]


def die_once(mark):
    if not mark.exists():
        mark.touch()
        die()
    return "done"


def test_what_a_killed_worker_had_begun_is_done_again(tmp_path):
    results = {}
    jobs = {"a": partial(die_once, tmp_path / "a"), "b": partial(str, 1)}
    failures = run(jobs, on_result=results.__setitem__)
    assert failures == {}
    assert results == {"a": "done", "b": "1"}


def test_of_many_only_the_job_that_kills_its_worker_fails():
    results = {}
    jobs = {str(number): partial(int, number) for number in range(6)} | {"bad": die}
    failures = run(jobs | {"after": partial(int, 7)}, on_result=results.__setitem__)
    assert list(failures) == ["bad"]
    assert results.keys() == {*map(str, range(6)), "after"}


def test_progress_is_told_of_every_job(tmp_path):
    told = []
    jobs = {name: (tmp_path / name).touch for name in "abc"}
    run(jobs, progress=lambda *news: told.append(news))
    assert told == [("jobs", 1, 3), ("jobs", 2, 3), ("jobs", 3, 3)]


@pytest.mark.slow
def test_progress_that_raises_stops_the_work(tmp_path):
    def cancel(*news):
        raise KeyboardInterrupt

    jobs = {str(number): (tmp_path / str(number)).touch for number in range(200)}
    with pytest.raises(KeyboardInterrupt):
        run(jobs, progress=cancel)
    assert len(list(tmp_path.iterdir())) < 200


def test_jobs_that_are_stopped_tidy_up_undisturbed(tmp_path, monkeypatch):
    monkeypatch.setattr("syncfusion.engines.processes.n_cores", lambda: 2)
    folders = [tmp_path / "one", tmp_path / "two"]
    jobs = {}
    for folder, seconds in zip(folders, (0.0, 1.0), strict=True):
        folder.mkdir()
        jobs[folder.name] = partial(tidy_up, folder, seconds)

    def cancel(*news):
        wait_for(*(folder / "started" for folder in folders))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run({"first": time.time} | jobs, progress=cancel)
    wait_for(*(folder / "tidied" for folder in folders))


def test_an_interruption_while_jobs_are_handed_out_stops_those_that_run(monkeypatch):
    submit = ProcessPoolExecutor.submit

    def interrupted(pool, *arguments):
        submit(pool, *arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(ProcessPoolExecutor, "submit", interrupted)
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run({"a": partial(time.sleep, 60)})
    assert time.monotonic() - began < 30


WAITING = """
import functools, os, sys, time
from syncfusion.engines import do_all
print(os.getpid(), flush=True)
naps = {str(number): functools.partial(time.sleep, 60) for number in range(2)}
do_all(naps, n_workers=2, stage="naps")
"""


def children(pid):
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in path.read_text().split()] if path.exists() else []


@pytest.mark.slow
def test_workers_end_where_their_parent_is_killed():
    parent = subprocess.Popen([sys.executable, "-c", WAITING], stdout=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while len(workers := children(parent.pid)) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    parent.kill()
    parent.wait()
    assert len(workers) == 2
    while any(Path(f"/proc/{worker}").exists() for worker in workers):
        assert time.monotonic() < deadline
        time.sleep(0.05)

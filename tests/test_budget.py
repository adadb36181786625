"""The suite's own rules: what is slow is marked so, and whole folders are tested in parallel."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from helpers import budget, workers


@pytest.fixture
def run(pytester, monkeypatch):
    """Run a test whose body takes so many seconds, in a session of fast tests of its own."""

    def run(source: str, *arguments: str, wall: float = 4.0, processor: float = 4.0):
        pytester.makepyfile(source)
        pytester.makeini("[pytest]\nmarkers = slow")
        moments = iter([budget.Moment(0.0, 0.0, 0), budget.Moment(wall, processor, 0)])
        with monkeypatch.context() as patch:
            patch.setattr(budget, "now", lambda: next(moments))
            return pytester.runpytest_inprocess("-p", "helpers.budget", *PLAIN, *arguments)

    return run


PLAIN = ("-p", "no:cacheprovider", "-p", "no:xdist", "-m", "not slow")
FAST = "def test_a(): pass"
SLOW = "import pytest\n@pytest.mark.slow\ndef test_a(): pass"
FAILING = "def test_a(): raise ValueError('its own reason')"


def test_a_test_over_the_limit_fails_and_says_what_to_do(run):
    result = run(FAST)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*takes 4.0 s, over the 2 s of a fast test*@pytest.mark.slow*"])


@pytest.mark.parametrize("source", [FAST, SLOW])
def test_in_a_run_of_the_whole_suite_a_test_may_take_long(run, source):
    run(source, "-m", "").assert_outcomes(passed=1)


def test_a_test_that_is_marked_slow_is_not_among_the_fast_ones(run):
    run(SLOW).assert_outcomes(deselected=1)


def test_a_test_within_the_limit_passes(run):
    run(FAST, wall=1.9, processor=1.9).assert_outcomes(passed=1)


def test_waiting_for_a_busy_machine_is_not_counted(run):
    run(FAST, wall=60.0, processor=0.5).assert_outcomes(passed=1)


def test_a_body_on_many_cores_is_counted_by_the_clock(run):
    run(FAST, wall=1.0, processor=8.0).assert_outcomes(passed=1)


def test_a_test_that_fails_keeps_its_own_reason(run):
    result = run(FAILING)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*its own reason*"])
    result.stdout.no_fnmatch_line("*of a fast test*")


def test_a_slower_machine_has_its_own_limit(run):
    run(FAST, "-o", "slow_seconds=4").assert_outcomes(passed=1)


def test_processes_that_a_body_waits_for_are_counted():
    before = budget.now()
    subprocess.run([sys.executable, "-c", "sum(range(3_000_000))"], check=True)
    after = budget.now()
    assert after.processor > before.processor


def test_the_first_import_of_a_package_is_not_the_tests_cost():
    before = budget.Moment(0.0, 0.0, modules=100)
    assert budget.seconds_between(before, budget.Moment(9.0, 9.0, modules=900)) == 0.0
    assert budget.seconds_between(before, budget.Moment(9.0, 9.0, modules=105)) == 9.0


def test_whole_folders_are_tested_by_a_process_a_core(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    assert workers.workers([str(tmp_path)]) == 2
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(64)))
    assert workers.workers([str(tmp_path)]) == workers.MAX_WORKERS
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    assert workers.workers([str(tmp_path)]) == 0


def test_one_file_is_tested_in_this_process(tmp_path):
    file = tmp_path / "test_a.py"
    file.touch()
    assert workers.workers([str(file), f"{file}::test_b"]) == 0


def test_kernels_are_compiled_once_an_installation(monkeypatch):
    calls, kept = [], {}
    cache = SimpleNamespace(get=kept.get, set=kept.__setitem__)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: calls.append(1))
    workers.compile_kernels(cache)
    workers.compile_kernels(cache)
    assert len(calls) == 1
    monkeypatch.setattr(workers, "installation", lambda: ["another"])
    workers.compile_kernels(cache)
    assert len(calls) == 2


@pytest.mark.parametrize("given", [{"workerinput": {}}, {"numprocesses": 3}, {"usepdb": True}])
def test_the_choice_is_for_sessions_that_make_none_themselves(tmp_path, given):
    option = SimpleNamespace(numprocesses=None, dist="no", usepdb=False, collectonly=False)
    config = SimpleNamespace(option=option, args=[str(tmp_path)])
    for name, value in given.items():
        setattr(config if name == "workerinput" else option, name, value)
    workers.pytest_cmdline_main(config)
    assert option.numprocesses == given.get("numprocesses")
    assert option.dist == "no"


def test_workers_begin_with_the_files_that_have_most_slow_tests():
    def item(file, slow):
        return SimpleNamespace(path=file, get_closest_marker=lambda name: slow or None)

    fast, first, second = item("a.py", False), item("b.py", False), item("b.py", True)
    items = [fast, first, second]
    workers.pytest_collection_modifyitems(SimpleNamespace(workerinput={}), items)
    assert items == [first, second, fast]

"""Benchmarks remember what they measured, and print what changed."""

import argparse
import json
import sys

import pytest

from helpers.places import REPOSITORY


@pytest.fixture
def history(monkeypatch, tmp_path):
    """The module of the benchmarks, which writes to a folder of the test's own."""
    monkeypatch.syspath_prepend(REPOSITORY / "benchmarks")
    monkeypatch.setenv("DIR_LOGS", str(tmp_path))
    import history

    yield history
    del sys.modules["history"]


def options(**values):
    return argparse.Namespace(**values)


def test_the_second_run_prints_the_change_since_the_first(history, tmp_path, capsys):
    history.keep("clip", {"wall, s": 4.0}, options(seconds=10))
    assert "first run of its kind" in capsys.readouterr().out
    history.keep("clip", {"wall, s": 5.0, "peak, MiB": 900.0}, options(seconds=10))
    out = capsys.readouterr().out
    assert "wall, s: 5, +25% from 4" in out
    assert "peak, MiB: 900, new" in out
    lines = (tmp_path / "benchmarks" / "clip.jsonl").read_text().splitlines()
    assert [json.loads(line)["figures"]["wall, s"] for line in lines] == [4.0, 5.0]


def test_runs_with_other_options_or_machines_are_not_compared(history, capsys, monkeypatch):
    history.keep("clip", {"wall, s": 4.0}, options(seconds=10))
    history.keep("clip", {"wall, s": 9.0}, options(seconds=60))
    monkeypatch.setattr(history, "machine", lambda: "another")
    history.keep("clip", {"wall, s": 9.0}, options(seconds=10))
    assert "from" not in capsys.readouterr().out

"""Processes are started by the cores that this process may use."""

import os

from syncfusion.cores import n_cores


def test_a_process_held_to_some_cores_counts_those(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3, 5}, raising=False)
    assert n_cores() == 2


def test_where_processes_are_not_held_to_cores_all_count(monkeypatch):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 7)
    assert n_cores() == 7


def test_a_machine_of_unknown_size_has_one_core(monkeypatch):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert n_cores() == 1

"""A sweep as jobs of submitit's, on this machine."""

import pytest

from helpers.diffusion_runs import last, make_shards, small
from syncfusion.cli.app import main

pytestmark = pytest.mark.slow


def test_every_combination_is_a_job_and_one_that_fails_is_named(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shards = make_shards(tmp_path)
    words = [*small(shards, tmp_path / "run"), "callbacks.samples=null", "steps=2"]
    sweep = ["-m", "--launcher", "local", "--job", "timeout_min=5"]
    with pytest.raises(SystemExit) as end:
        main(["train", "diffusion", *sweep, *words, "seed=0,1", "init=null,missing"])
    lines = capsys.readouterr().out.splitlines()
    assert end.value.code == 1
    assert lines[-1] == "2 of 4 trainings are done"
    assert [line.split()[0] for line in lines[4:7]] == [
        "failed",
        "seed=0,init=missing",
        "seed=1,init=missing",
    ]
    assert "missing" in lines[5].partition("  ")[2]
    for seed in (0, 1):
        output = tmp_path / "run" / "multirun" / f"seed={seed},init=null"
        assert last(output)["global_step"] == 2


def test_parameters_that_no_job_has_are_refused(tmp_path, capsys):
    words = ["train", "diffusion", "-m", "--launcher", "local", "--job", "speed=fast"]
    with pytest.raises(SystemExit) as end:
        main([*words, f"output={tmp_path}", "seed=0,1"])
    assert end.value.code == 2
    assert "the jobs cannot be started" in capsys.readouterr().err

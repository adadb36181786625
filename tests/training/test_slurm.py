"""Jobs of a cluster of SLURM: two nodes on this machine, by the scripts that clusters run."""

import os
import subprocess
import sys
from functools import partial

import pytest

from helpers.diffusion_runs import last, make_shards, small
from helpers.nodes import installed, losses
from helpers.places import REPOSITORY
from helpers.slurm_cluster import asked, slurm_cluster, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

AUTO = "trainer.devices=auto"
TWO_NODES = ["--nodes=2", "--ntasks-per-node=1", "--gpus-per-node=0", "--cpus-per-task=1"]


@pytest.fixture(scope="module")
def cluster():
    with pytest.MonkeyPatch.context() as patch, slurm_cluster(patch) as folder:
        yield folder


@pytest.fixture(scope="module")
def shards(tmp_path_factory):
    return make_shards(tmp_path_factory.mktemp("shards"))


def words(shards, output, *more):
    return [*small(shards, output), "callbacks.samples=null", *more]


def submit(folder, *words, log="job", wait=False):
    """Queue ``slurm.sbatch``, and return the number of the job."""
    options = [*TWO_NODES, f"--output={folder}/{log}.log", *(["--wait"] if wait else [])]
    queued = subprocess.run(
        ["sbatch", "--parsable", *options, "script/cluster/slurm.sbatch", *words],
        cwd=REPOSITORY,
        env=os.environ | installed(folder),
        capture_output=True,
        text=True,
        timeout=250,
    )
    assert queued.returncode == 0, queued.stderr + (folder / f"{log}.log").read_text()
    return queued.stdout.strip()


def train_alone(*words):
    alone = [sys.executable, "-m", "syncfusion", "train", "diffusion", *words]
    subprocess.run(alone, check=True, capture_output=True)


def test_two_nodes_train_as_one_process_with_twice_the_batch(cluster, shards, tmp_path):
    given = partial(words, shards)
    train_alone(*given(tmp_path / "one", "data.batch_size=4", "steps=4", "trainer.devices=1"))
    two = given(tmp_path / "two", "data.batch_size=2", "steps=4", AUTO)
    submit(tmp_path, "diffusion", *two, wait=True)
    one = losses(tmp_path / "one")
    assert len(one) == 4
    assert losses(tmp_path / "two") == pytest.approx(one, abs=1e-4)


def state(job):
    return dict(
        word.partition("=")[::2]
        for line in asked("scontrol", "show", "job", job)
        for word in line.split()
        if "=" in word
    )


def ended(job):
    return state(job)["JobState"] not in ("PENDING", "RUNNING", "COMPLETING")


def test_a_job_that_is_signalled_is_queued_again_and_ends_as_one_that_was_not(
    cluster, shards, tmp_path
):
    steps = ["data.batch_size=2", "steps=40", "trainer.val_check_interval=20", AUTO]
    jobs = {
        name: submit(tmp_path, "diffusion", *words(shards, tmp_path / name, *steps), log=name)
        for name in ("whole", "two")
    }
    wait_for((tmp_path / "two" / "csv" / "version_0" / "metrics.csv").is_file, 150)
    subprocess.run(["scancel", "--signal=USR1", jobs["two"]], check=True)
    wait_for(lambda: state(jobs["two"])["Restarts"] == "1", 100)
    assert 0 < last(tmp_path / "two")["global_step"] < 40
    wait_for(lambda: all(map(ended, jobs.values())), 300)
    log = (tmp_path / "two.log").read_text()
    assert [state(job)["JobState"] for job in jobs.values()] == ["COMPLETED"] * 2, log
    assert f"job {jobs['two']} is queued again" in log
    one, other = (last(tmp_path / name) for name in ("two", "whole"))
    assert (one["global_step"], other["global_step"]) == (40, 40)
    for key, values in other["state_dict"].items():
        assert (one["state_dict"][key] - values).abs().max() <= 1e-6, key


def test_every_combination_of_a_sweep_is_a_job_of_two_nodes(cluster, shards, tmp_path):
    given = words(shards, tmp_path / "run", "steps=2", "data.batch_size=2", AUTO)
    jobs = [f"--job={word}" for word in ("timeout_min=5", "nodes=2", "tasks_per_node=1")]
    sweep = [*given, "init=null,missing", "-m", "--launcher", "slurm", *jobs]
    command = [sys.executable, "-m", "syncfusion", "train", "diffusion", *sweep]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=500)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    _, _, title, row, total = ended.stdout.splitlines()
    assert title.startswith("failed")
    assert row.startswith("init=missing")
    assert total == "1 of 2 trainings are done"
    output = tmp_path / "run" / "multirun" / "init=null"
    assert last(output)["global_step"] == 2
    assert losses(output).keys() == {"0", "1"}

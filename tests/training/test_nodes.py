"""Training on two nodes: two agents of torchrun here, started by the script of a cluster."""

import os
import subprocess
import sys

import pytest

from helpers.diffusion_runs import make_shards, small
from helpers.nodes import installed, losses
from helpers.places import REPOSITORY
from helpers.slurm_cluster import free_ports

pytestmark = pytest.mark.slow


def start_node(environment, *words):
    """Start what one machine runs."""
    return subprocess.Popen(
        ["sh", "script/cluster/torchrun.sh", *words],
        cwd=REPOSITORY,
        env=os.environ | installed(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_two_nodes_train_as_one_process_with_twice_the_batch(tmp_path, monkeypatch):
    shards = make_shards(tmp_path)

    def words(name, batch_size):
        given = small(shards, tmp_path / name)
        nodes = "trainer.devices=auto" if name == "two" else "trainer.devices=1"
        batch = f"data.batch_size={batch_size}"
        return [*given, batch, nodes, "steps=4", "callbacks.samples=null"]

    alone = [sys.executable, "-m", "syncfusion", "train", "diffusion", *words("one", 4)]
    subprocess.run(alone, check=True, capture_output=True)
    nodes = {"NODES": "2", "GPUS": "1", "HOST": "127.0.0.1", "ADDRESS": "127.0.0.1"}
    for name, value in (nodes | {"PORT": str(free_ports(1)[0]), "RUN": tmp_path.name}).items():
        monkeypatch.setenv(name, value)
    started = [start_node(tmp_path, "diffusion", *words("two", 2)) for _ in range(2)]
    endings = [(node.communicate(timeout=250)[0], node.returncode) for node in started]
    assert [code for _, code in endings] == [0, 0], endings[0][0][-3000:]
    one = losses(tmp_path / "one")
    assert len(one) == 4
    assert losses(tmp_path / "two") == pytest.approx(one, abs=1e-4)


def test_the_job_of_slurm_names_what_the_training_understands():
    text = (REPOSITORY / "script/cluster/slurm.sbatch").read_text()
    assert subprocess.run(["sh", "-n"], input=text, text=True).returncode == 0
    settings = dict(
        line.removeprefix("#SBATCH --").partition("=")[::2]
        for line in text.splitlines()
        if line.startswith("#SBATCH --")
    )
    assert settings["signal"] == "SIGUSR1@120", "trainer/slurm.py saves and queues again by it"
    assert settings["ntasks-per-node"] == settings["gpus-per-node"]
    assert "requeue" in settings

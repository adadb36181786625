"""Training on two nodes: two agents of torchrun here, started by the script of a cluster."""

import os
import socket
import subprocess
import sys

import pytest

from helpers.diffusion_runs import logged, make_shards, small
from helpers.places import REPOSITORY

pytestmark = pytest.mark.slow


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def start_node(environment, *words):
    """Start what one machine runs; ``environment`` stands for an installed one."""
    stamp = 'echo "$(pwd) $(cat requirements.txt pyproject.toml | cksum)"'  # script/setup.sh
    wanted = subprocess.run(["sh", "-c", stamp], cwd=REPOSITORY, capture_output=True, check=True)
    (environment / "syncfusion-installed").write_bytes(wanted.stdout)
    path = f"{os.path.dirname(sys.executable)}{os.pathsep}{os.environ['PATH']}"
    return subprocess.Popen(
        ["sh", "script/cluster/torchrun.sh", *words],
        cwd=REPOSITORY,
        env=os.environ | {"VIRTUAL_ENV": str(environment), "PATH": path},
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
    for name, value in (nodes | {"PORT": str(free_port()), "RUN": tmp_path.name}).items():
        monkeypatch.setenv(name, value)
    started = [start_node(tmp_path, "diffusion", *words("two", 2)) for _ in range(2)]
    endings = [(node.communicate(timeout=250)[0], node.returncode) for node in started]
    assert [code for _, code in endings] == [0, 0], endings[0][0][-3000:]
    losses = {}
    for name in ("one", "two"):
        rows = logged(tmp_path / name)
        losses[name] = {r["step"]: float(r["loss/train"]) for r in rows if r.get("loss/train")}
    assert len(losses["one"]) == 4
    assert losses["two"] == pytest.approx(losses["one"], abs=1e-4)


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

"""How many ranks a training has, and the strategy that follows."""

import pytest
import torch

from syncfusion.errors import InputError
from syncfusion.trainer.ranks import count_devices, rank_settings

CPU, GPU = torch.device("cpu"), torch.device("cuda")
TORCHRUN = {"TORCHELASTIC_RUN_ID": "1", "WORLD_SIZE": "4", "LOCAL_WORLD_SIZE": "2"}
SLURM = {"SLURM_NTASKS": "8", "SLURM_NNODES": "2", "SLURM_JOB_NAME": "train", "SLURM_PROCID": "0"}


@pytest.fixture
def place(monkeypatch):
    """Set the variables of a launcher, and no others of any."""

    def placed(variables):
        for name in (*TORCHRUN, *SLURM):
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return variables

    return placed


@pytest.mark.parametrize(
    ("devices", "num_nodes", "found", "strategy"),
    [
        (1, 1, 1, "auto"),
        ("auto", 1, 1, "auto"),
        (2, 1, 2, "ddp"),
        ("2", 1, "2", "ddp"),
        (1, 3, 1, "ddp"),
        ([0, 1], 1, [0, 1], "ddp"),
    ],
)
def test_the_strategy_follows_from_devices_and_nodes(place, devices, num_nodes, found, strategy):
    settings = {"devices": devices, "num_nodes": num_nodes, "strategy": None}
    chosen = rank_settings(settings, CPU, place({}))
    assert chosen == {"devices": found, "num_nodes": num_nodes, "strategy": strategy}


@pytest.mark.filterwarnings("ignore:The `srun` command")
@pytest.mark.parametrize(("launcher", "found"), [(TORCHRUN, (2, 2)), (SLURM, (4, 2))])
def test_ranks_that_a_launcher_started_are_counted(place, launcher, found):
    variables = place(launcher)
    settings = {"devices": "auto", "num_nodes": 1, "strategy": None}
    chosen = rank_settings(settings, CPU, variables)
    assert (chosen["devices"], chosen["num_nodes"], chosen["strategy"]) == (*found, "ddp")
    with pytest.raises(InputError, match=f"set trainer.devices={found[0]} and .*={found[1]}"):
        rank_settings(settings | {"devices": 1}, CPU, variables)


def test_a_strategy_that_is_named_stays(place):
    settings = {"devices": 2, "num_nodes": 1, "strategy": "fsdp"}
    assert rank_settings(settings, CPU, place({}))["strategy"] == "fsdp"


@pytest.mark.parametrize(
    ("devices", "count"), [("auto", 3), (-1, 3), ("0,2", 2), ("0,", 1), (2, 2)]
)
def test_devices_are_counted_as_lightning_does(monkeypatch, devices, count):
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 3)
    assert count_devices(devices, GPU) == count

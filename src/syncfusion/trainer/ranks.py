"""How many processes, called ranks, a training runs on, and the trainer's settings for them."""

from collections.abc import Mapping
from typing import Any

import pytorch_lightning as pl
import torch
from lightning_fabric.plugins.environments.slurm import SLURMEnvironment
from lightning_fabric.plugins.environments.torchelastic import TorchElasticEnvironment

from syncfusion.errors import InputError

ALL = ("auto", "-1", -1)  # values of ``devices`` that leave their number to the machine


def rank_settings(
    trainer: Mapping[str, Any], device: torch.device, environment: Mapping[str, str]
) -> dict[str, Any]:
    """Choose the number of devices and the strategy of a training.

    Args:
        trainer: ``devices``, ``num_nodes`` and ``strategy``, as configured; a strategy of None or
            "auto" is chosen here.
        device: what the nets compute on.
        environment: variables of the environment; torchrun and SLURM announce the processes that
            they started there.

    Returns:
        The three settings: "ddp" where there is more than one rank, whatever the devices are.

    Raises:
        InputError: if torchrun or SLURM started another number of processes than is configured.
    """
    devices, num_nodes = trainer["devices"], int(trainer.get("num_nodes") or 1)
    launched = _launched(environment)
    if launched is not None and devices in ALL:
        devices, num_nodes = launched
    n_devices = count_devices(devices, device)
    if launched is not None and n_devices * num_nodes != launched[0] * launched[1]:
        raise InputError(
            f"{launched[0] * launched[1]} processes were started, for {n_devices} devices on "
            f"{num_nodes} nodes; set trainer.devices={launched[0]} and "
            f"trainer.num_nodes={launched[1]}"
        )
    strategy = trainer.get("strategy")
    if strategy in (None, "auto"):
        strategy = "ddp" if n_devices * num_nodes > 1 else "auto"
    if devices in ALL and device.type == "cpu":
        devices = 1
    return {"devices": devices, "num_nodes": num_nodes, "strategy": strategy}


def rank_of(trainer: pl.Trainer | None) -> tuple[int, int]:
    """Return the number of this process and how many train together; 0 and 1 without a trainer."""
    return (0, 1) if trainer is None else (trainer.global_rank, trainer.world_size)


def count_devices(devices: Any, device: torch.device) -> int:
    """Return how many devices of a node Lightning's ``devices`` stands for.

    Args:
        devices: a number, "auto" or -1 for all, or indices, also as text ("0,1").
        device: what the nets compute on; of a CPU there is one unless a number is given.

    Returns:
        The number, 1 or more.
    """
    if devices in ALL:
        return max(1, torch.cuda.device_count()) if device.type == "cuda" else 1
    if isinstance(devices, str) and "," in devices:
        devices = [index for index in devices.split(",") if index.strip()]
    return int(devices) if isinstance(devices, int | str) else len(devices)


def _launched(environment: Mapping[str, str]) -> tuple[int, int] | None:
    """Return the processes on each node and the nodes that a launcher started."""
    if TorchElasticEnvironment.detect():
        n_ranks = int(environment["WORLD_SIZE"])
        on_node = int(environment.get("LOCAL_WORLD_SIZE", n_ranks))
        return on_node, n_ranks // on_node
    if SLURMEnvironment.detect():
        n_ranks, n_nodes = (int(environment.get(f"SLURM_{n}", 1)) for n in ("NTASKS", "NNODES"))
        return n_ranks // n_nodes, n_nodes
    return None

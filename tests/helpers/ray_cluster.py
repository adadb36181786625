"""A Ray cluster of two nodes on this machine, and tasks that its workers can import."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from helpers.places import REPOSITORY

OBJECT_STORE = 100 * 2**20  # bytes, of each node
NODE = {"num_cpus": 1, "object_store_memory": OBJECT_STORE}


@contextmanager
def two_nodes() -> Iterator[Any]:
    """Yield a cluster whose ``second`` node can be killed, with ``RAY_ADDRESS`` set to it."""
    import ray
    from ray.cluster_utils import Cluster

    before = dict(os.environ)
    paths = [str(REPOSITORY / "src"), str(REPOSITORY / "tests")]
    os.environ |= {"PYTHONPATH": os.pathsep.join(paths), "RAY_USAGE_STATS_ENABLED": "0"}
    cluster = Cluster(initialize_head=True, head_node_args=NODE | {"include_dashboard": False})
    try:
        cluster.second = cluster.add_node(**NODE)
        os.environ["RAY_ADDRESS"] = cluster.address
        yield cluster
    finally:
        ray.shutdown()
        cluster.shutdown()
        os.environ.clear()
        os.environ.update(before)


def write_slowly(path: Path, seconds: float) -> str:
    """Write a file atomically after a while; return the node that it was done on."""
    import ray

    from syncfusion.media import temporary_sibling

    node = ray.get_runtime_context().get_node_id()
    with open(path.with_suffix(".log"), "a") as begun:
        begun.write(f"{node}\n")
    with temporary_sibling(path) as temporary:
        time.sleep(seconds)
        temporary.write_text(path.stem)
    return node


def fail(message: str) -> None:
    """Fail as bad input does."""
    from syncfusion.errors import InputError

    raise InputError(message)


def die() -> None:
    """End the worker as the system does for lack of memory."""
    os.kill(os.getpid(), signal.SIGKILL)

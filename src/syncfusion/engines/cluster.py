"""Doing tasks on a Ray cluster that is there already; Ray does again what a lost node had begun."""

import itertools
import logging
import os
import signal
import socket
from collections.abc import Mapping
from typing import Any

from syncfusion.engines.tasks import OnResult, Task, ignore_result, reason
from syncfusion.errors import InputError
from syncfusion.progress import Progress, ignore

N_OPEN = 1000  # tasks that the cluster knows at a time
N_RETRIES = 5  # of a task whose worker or node was lost
CONNECT_SECONDS = 5.0
LOST = "its workers were lost again and again, perhaps for lack of memory; see ray status"


def on_cluster(
    tasks: Mapping[str, Task],
    *,
    stage: str,
    progress: Progress = ignore,
    on_result: OnResult = ignore_result,
) -> dict[str, str]:
    """Do all tasks on the cluster of ``RAY_ADDRESS``, or on one that this machine belongs to.

    Args:
        tasks: what is to be done, by name; the cluster's machines import what it is made of.
        stage: name of the work, for ``progress``.
        progress: called after every task.
        on_result: called with the name and result of every task that did not fail.

    Returns:
        Why tasks failed, by name, in the order of the tasks.

    Raises:
        InputError: if there is no cluster.
    """
    import ray

    _join()
    remote = ray.remote(max_retries=N_RETRIES, num_cpus=1)(_outcome)
    waiting = iter(tasks.items())
    open_tasks = {remote.remote(task): name for name, task in itertools.islice(waiting, N_OPEN)}
    failures: dict[str, str] = {}
    n_done = 0
    try:
        while open_tasks:
            [ended], _ = ray.wait(list(open_tasks), num_returns=1)
            name = open_tasks.pop(ended)
            why, result = _collected(ended)
            if why is None:
                on_result(name, result)
            else:
                failures[name] = why
            n_done += 1
            progress(stage, n_done, len(tasks))
            open_tasks |= {remote.remote(t): n for n, t in itertools.islice(waiting, 1)}
    except BaseException:
        for each in open_tasks:
            ray.cancel(each)
        raise
    return {name: failures[name] for name in tasks if name in failures}


def _join() -> None:
    """Connect to the cluster; fail where there is none, as Ray would start one of its own."""
    import ray

    if ray.is_initialized():
        return
    handler = signal.getsignal(signal.SIGTERM)
    try:
        _try_connection(os.environ.get("RAY_ADDRESS", ""))
        ray.init(address="auto", log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, OSError, ValueError) as error:
        raise InputError(
            "there is no Ray cluster to work on; start one by `ray start --head`, or name one by "
            "RAY_ADDRESS"
        ) from error
    signal.signal(signal.SIGTERM, handler)  # Ray's own would end the command without a word


def _try_connection(address: str) -> None:
    """Raise OSError if nothing listens at HOST:PORT; Ray itself would try for minutes."""
    host, _, port = address.rpartition(":")
    if host and port.isdigit():
        socket.create_connection((host.rpartition("/")[2], int(port)), CONNECT_SECONDS).close()


def _outcome(task: Task) -> tuple[str | None, object]:
    """Do a task; return why it failed, None if it did not, and its result."""
    try:
        return None, task()
    except Exception as error:
        return reason(error), None


def _collected(ended: Any) -> tuple[str | None, object]:
    """Return what ``_outcome`` returned on another machine, or that it was lost."""
    import ray
    from ray.exceptions import RayError

    try:
        return ray.get(ended)
    except RayError:
        return LOST, None

"""Which engine does the tasks of a command."""

import argparse
from collections.abc import Mapping

from syncfusion.engines.tasks import OnResult, Task, ignore_result
from syncfusion.progress import Progress, ignore

PROCESSES, RAY = "processes", "ray"
ENGINES = (PROCESSES, RAY)
ENGINE = "who does the work: processes of this machine, or the Ray cluster of RAY_ADDRESS"


def add_engine(command: argparse.ArgumentParser) -> None:
    """Add the option of every command that does one thing for each of many items."""
    command.add_argument("--engine", choices=ENGINES, default=PROCESSES, help=ENGINE)


def do_all(
    tasks: Mapping[str, Task],
    *,
    engine: str = PROCESSES,
    n_workers: int,
    stage: str,
    progress: Progress = ignore,
    on_result: OnResult = ignore_result,
) -> dict[str, str]:
    """Do all tasks; one that fails does not stop the others.

    A task may be done twice, where what ran it died before it was known to have ended; so each
    writes its output atomically, and leaves one that is finished as it is.

    Args:
        tasks: what is to be done, by name; one or more.
        engine: one of ``ENGINES``.
        n_workers: processes, 1 or more; on a cluster, its own cores decide.
        stage: name of the work, for ``progress``.
        progress: called after every task; it may raise to stop the work.
        on_result: called with the name and result of every task that did not fail.

    Returns:
        Why tasks failed, by name, in the order of the tasks.

    Raises:
        InputError: if there is no cluster.
    """
    if engine == RAY:
        from syncfusion.engines.cluster import on_cluster

        return on_cluster(tasks, stage=stage, progress=progress, on_result=on_result)
    from syncfusion.engines.processes import in_processes

    return in_processes(
        tasks, n_workers=n_workers, stage=stage, progress=progress, on_result=on_result
    )

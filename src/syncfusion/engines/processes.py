"""Doing tasks in worker processes; one that fails does not stop the others."""

import contextlib
import itertools
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.process import BaseProcess

from syncfusion.cores import n_cores
from syncfusion.engines.tasks import OnResult, Task, ignore_result, reason
from syncfusion.progress import Progress, ignore

KILLED = "its worker process was killed, perhaps for lack of memory; give fewer workers"

N_TOGETHER = 2  # times that unfinished tasks are done by all workers, before one by one
TIDYING_SECONDS = 10.0  # that all workers together may take to end after Ctrl-C


def in_processes(
    tasks: Mapping[str, Task],
    *,
    n_workers: int,
    stage: str,
    progress: Progress = ignore,
    on_result: OnResult = ignore_result,
) -> dict[str, str]:
    """Do all tasks in a pool of processes; Ctrl-C stops them and lets them tidy up.

    Where a process is killed, what was not finished is done again, the last time one by one, so
    that a task which kills its process is found, and is the only one to fail.

    Args:
        tasks: what is to be done, by name; one or more.
        n_workers: processes, 1 or more; never more than there are cores.
        stage: name of the work, for ``progress``.
        progress: called after every task.
        on_result: called with the name and result of every task that did not fail.

    Returns:
        Why tasks failed, by name, in the order of the tasks.
    """
    failures: dict[str, str] = {}
    open_tasks = dict(tasks)

    def end(name: str, future: Future) -> None:
        error = future.exception()
        if error is None:
            on_result(name, future.result())
        else:
            failures[name] = reason(error) if isinstance(error, Exception) else str(error)
        del open_tasks[name]
        progress(stage, len(tasks) - len(open_tasks), len(tasks))

    for workers in itertools.chain((min(n_workers, n_cores()),) * N_TOGETHER, itertools.repeat(1)):
        alone = min(workers, len(open_tasks)) == 1
        if not _survives(dict(open_tasks), workers, end) and alone:
            failures[next(iter(open_tasks))] = KILLED
            del open_tasks[next(iter(open_tasks))]
        if not open_tasks:
            break
    return {name: failures[name] for name in tasks if name in failures}


def _survives(
    tasks: Mapping[str, Task], n_workers: int, end: Callable[[str, Future], None]
) -> bool:
    """Do tasks in a pool and report those that end; return whether no process was killed."""
    others = set(multiprocessing.active_children())
    survives = True
    with ProcessPoolExecutor(min(n_workers, len(tasks)), initializer=_obey_parent) as pool:
        try:
            futures: dict[Future, str] = {}
            with contextlib.suppress(BrokenProcessPool):  # while tasks are handed out
                for name, task in tasks.items():
                    futures[pool.submit(_work, task)] = name
            for future in as_completed(futures):
                if isinstance(future.exception(), BrokenProcessPool):
                    survives = False
                else:
                    end(futures[future], future)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            _end(set(multiprocessing.active_children()) - others)
            raise
    return survives and len(futures) == len(tasks)


def _end(workers: Collection[BaseProcess]) -> None:
    """Let workers tidy up; kill those that do not end because they were between two tasks."""
    for worker in workers:
        worker.terminate()
    deadline = time.monotonic() + TIDYING_SECONDS
    for worker in workers:
        worker.join(max(0.0, deadline - time.monotonic()))
        worker.kill()


def _obey_parent() -> None:
    """Leave Ctrl-C, which reaches all processes, to the parent; it ends the workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _stop)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this worker where its parent was killed; it would wait for tasks for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _stop(number: int, frame: object) -> None:
    """Leave the task; a second signal, which the pool sends, must not disturb the tidying up."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit


def _work(task: Task) -> object:
    try:
        return task()
    except SystemExit:  # it has tidied up; if this process lived on, it would take the next task
        os._exit(1)

"""Doing many jobs in worker processes; one that fails does not stop the others."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.process import BaseProcess

from syncfusion.cores import n_cores
from syncfusion.errors import InputError
from syncfusion.progress import Progress, ignore

KILLED = "its worker process was killed, perhaps for lack of memory; give fewer --num_workers"

TIDYING_SECONDS = 10.0  # that all workers together may take to end after Ctrl-C

Task = Callable[[], object]  # can be pickled; tidies up in ``finally`` blocks


def in_parallel(
    jobs: Mapping[str, Task], *, n_workers: int, stage: str, progress: Progress = ignore
) -> dict[str, str]:
    """Do all jobs; Ctrl-C stops them and lets them tidy up.

    Args:
        jobs: what is to be done, by name; one or more.
        n_workers: processes, 1 or more; never more than there are cores.
        stage: name of the work, for ``progress``.
        progress: called after every job.

    Returns:
        Why jobs failed, by name, in the order of the jobs.
    """
    others = set(multiprocessing.active_children())
    n_workers = min(n_workers, len(jobs), n_cores())
    with ProcessPoolExecutor(n_workers, initializer=_obey_parent) as pool:
        try:
            futures = [pool.submit(_work, job) for job in jobs.values()]
            for n_done, _ in enumerate(as_completed(futures), 1):
                progress(stage, n_done, len(jobs))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            _end(set(multiprocessing.active_children()) - others)
            raise
    reasons = zip(jobs, map(_reason, futures), strict=True)
    return {name: reason for name, reason in reasons if reason}


def _end(workers: Collection[BaseProcess]) -> None:
    """Let workers tidy up; kill those that do not end because they were between two jobs."""
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


def _stop(number: int, frame: object) -> None:
    """Leave the job; a second signal, which the pool sends, must not disturb the tidying up."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit


def _work(job: Task) -> None:
    try:
        job()
    except SystemExit:  # it has tidied up; if this process lived on, it would take the next job
        os._exit(1)


def _reason(job: Future) -> str | None:
    error = job.exception()
    if error is None:
        return None
    if isinstance(error, BrokenProcessPool):
        return KILLED
    return str(error) if isinstance(error, InputError) else f"{type(error).__name__}: {error}"

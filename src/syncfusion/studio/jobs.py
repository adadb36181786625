"""The queue of jobs of all projects."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Sequence

from syncfusion.studio.job import Job
from syncfusion.studio.runner import GRACE, MEMORY, Runner
from syncfusion.studio.workspace import Studio, Workspace

MOST_WAITING = 32
KEPT = 50  # jobs of a project that are remembered


class QueueFull(Exception):
    """There are as many jobs waiting as the studio takes."""


class Jobs:
    """The jobs of all projects, done one after another.

    Args:
        studio: its projects are informed of the worker's state.
        command: starts a worker.
        grace: seconds that a cancelled job has to stop by itself.
        memory: bytes that a worker may hold.
    """

    def __init__(
        self,
        studio: Studio,
        command: Sequence[str],
        *,
        grace: float = GRACE,
        memory: int = MEMORY,
    ) -> None:
        def report(state: str, message: str) -> None:
            studio.send({"type": "worker", "state": state, "message": message})

        self.runner = Runner(command, report, grace=grace, memory=memory)
        self._waiting: deque[Job] = deque()
        self._all: dict[str, Job] = {}
        self._running: Job | None = None
        self._arrived = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None

    @property
    def n_waiting(self) -> int:
        """Jobs that have not begun."""
        return len(self._waiting)

    def submit(self, job: Job) -> Job:
        """Put a job into the queue; one in the background makes way for it.

        Args:
            job: new.

        Returns:
            The job.

        Raises:
            QueueFull: if too many are waiting.
        """
        if len(self._waiting) >= MOST_WAITING:
            raise QueueFull
        ended = [j for j in self.of(job.workspace) if j.state not in ("queued", "running")]
        for old in ended[: max(0, len(ended) - KEPT + 1)]:
            del self._all[old.id]
        self._all[job.id] = job
        self._waiting.append(job)
        if self._running is not None and self._running.in_background and not job.in_background:
            self.runner.stop()
        job.report()
        self._arrived.set()
        return job

    def of(self, workspace: Workspace) -> list[Job]:
        """Return the jobs of a project, the oldest first."""
        return [job for job in self._all.values() if job.workspace is workspace]

    def find(self, workspace: Workspace, id: str) -> Job | None:
        """Return a project's job with an id, None where there is none."""
        job = self._all.get(id)
        return job if job is not None and job.workspace is workspace else None

    def cancel(self, job: Job) -> None:
        """Let a job end as soon as it can; one that has ended stays as it is."""
        job.in_background = False  # it is not to be done again
        if job in self._waiting:
            self._waiting.remove(job)
            job.end("cancelled")
        elif job is self._running:
            self.runner.stop()

    def start(self) -> None:
        """Begin to do the jobs."""
        self._loop = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Stop, and end the worker."""
        if self._loop is not None:
            self._loop.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._loop
        await self.runner.close()

    async def _run(self) -> None:
        await self.runner.start()
        while True:
            await self._arrived.wait()
            if not self._waiting:
                self._arrived.clear()
                continue
            job = next((job for job in self._waiting if not job.in_background), self._waiting[0])
            self._waiting.remove(job)
            self._running = job
            await self.runner.run(job)
            self._running = None
            self._follow(job)

    def _follow(self, job: Job) -> None:
        """Put into the queue what follows from the end of a job."""
        interrupted = job.in_background and job.state == "cancelled"
        opened = job.kind == "open" and job.result is not None and job.result["proxy"]
        with contextlib.suppress(QueueFull):
            if interrupted or opened:
                kind = job.kind if interrupted else "proxy"
                self.submit(Job(job.workspace, kind, in_background=True))

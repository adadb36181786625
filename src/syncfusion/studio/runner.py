"""Runs one job at a time on a worker; follows it, stops it, and replaces a worker that ends."""

import asyncio
import contextlib
import os
import time
from collections.abc import Callable, Sequence

from syncfusion.errors import InputError
from syncfusion.studio.broadcast import Message
from syncfusion.studio.job import Job, State
from syncfusion.studio.worker_process import WorkerProcess

GRACE = 10.0  # seconds after which a job that does not stop is killed with its worker
SILENCE = 120.0  # seconds without progress after which a job on somebody's file is ended
WATCHED = ("open", "import", "reference")  # jobs that read files which may be made to do harm
MEMORY = int(0.8 * os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))  # bytes of a worker
GLANCE = 0.25  # seconds between two looks at a job
SHORTEST_LIFE = 5.0  # seconds; a worker that ends sooner, without a job, is not replaced at once
ENDED = "the worker ended during this job ({}), and was started anew; try it again"
Report = Callable[[str, str], None]


class Runner:
    """Holds the worker.

    Args:
        command: starts a worker.
        report: called with the worker's state and a message, whenever they change.
        grace: seconds that a cancelled job has to stop by itself.
        memory: bytes that a worker may hold.
    """

    def __init__(
        self, command: Sequence[str], report: Report, *, grace: float = GRACE, memory: int = MEMORY
    ) -> None:
        self._command, self._report, self._grace, self._memory = command, report, grace, memory
        self._worker: WorkerProcess | None = None
        self._begun = 0.0
        self._job: Job | None = None
        self._cancelled_at: float | None = None
        self._active_at = 0.0
        self._over = asyncio.Event()
        self._listener: asyncio.Task[None] | None = None
        self._is_closing = False
        self.state = "stopped"

    @property
    def worker(self) -> WorkerProcess | None:
        """The worker, None while there is none."""
        return self._worker

    async def start(self) -> None:
        """Start a worker where there is none."""
        if self._worker is None:
            self._worker = await WorkerProcess.start(self._command)
            self._begun = time.monotonic()
            self._set_state("starting")
            self._listener = asyncio.create_task(self._listen(self._worker))

    async def run(self, job: Job) -> None:
        """Do a job to its end, whatever end that is.

        Args:
            job: its state and its result are set, and reported to its pages.
        """
        await self.start()
        assert self._worker is not None
        self._job, self._cancelled_at, self._active_at = job, None, time.monotonic()
        self._over.clear()
        job.state = "running"
        job.report()
        self._worker.send(job.task())
        while not self._over.is_set():
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._over.wait(), GLANCE)
            self._look_after(job)
        self._job = None

    def stop(self) -> None:
        """Let the job that runs stop at its next step; after a while it is killed."""
        if self._job is not None and self._worker is not None and self._cancelled_at is None:
            self._cancelled_at = time.monotonic()
            self._worker.send({"cancel": self._job.id})

    async def close(self) -> None:
        """End the worker."""
        self._is_closing = True
        if self._worker is not None:
            await self._worker.end()
        if self._listener is not None:
            await self._listener

    async def _listen(self, worker: WorkerProcess) -> None:
        """Take a worker's messages until it ends; a job that it was at has ended then as well."""
        async for message in worker.messages():
            self._take(message)
        ending = await worker.ending()
        self._worker, had_job = None, self._job is not None
        self._set_state("stopped", f"the worker ended ({ending})")
        if self._job is not None and not self._over.is_set():
            if self._cancelled_at is None:
                self._end("failed", ENDED.format(ending))
            else:
                self._end("cancelled")
        lived = time.monotonic() - self._begun > SHORTEST_LIFE
        if (had_job or lived) and not self._is_closing:
            await self.start()

    def _look_after(self, job: Job) -> None:
        """End the worker where a job does not stop, does not go on, or takes all memory."""
        worker, now = self._worker, time.monotonic()
        if self._over.is_set() or worker is None:
            return
        if self._cancelled_at is not None and now - self._cancelled_at > self._grace:
            worker.kill()
        elif job.kind in WATCHED and now - self._active_at > SILENCE:
            self._end("failed", f"nothing happened for {SILENCE:g} s; try another file")
            worker.kill()
        elif worker.memory() > self._memory:
            limit = f"{self._memory >> 20} MiB of memory"
            self._end("failed", f"the job took over {limit}; try a shorter or smaller file")
            worker.kill()

    def _take(self, message: Message) -> None:
        type = message.pop("type")
        if type == "worker":
            self._set_state(message["state"], message["message"])
            return
        job = self._job
        if job is None or message.pop("id") != job.id or self._over.is_set():
            return  # of a job that was given up
        self._active_at = time.monotonic()
        if type == "progress":
            job.advance(**message)
            job.report()
        elif type == "facts":
            with contextlib.suppress(InputError):
                job.workspace.learn(message["facts"])
        elif type == "done":
            job.result = message["result"]
            self._end("done")
        elif type in ("failed", "cancelled"):
            self._end(type, message.get("message", ""))
        else:
            job.workspace.pages.send({"type": type} | message)

    def _end(self, state: State, message: str = "") -> None:
        if self._job is not None:
            self._job.end(state, message)
        self._over.set()

    def _set_state(self, state: str, message: str = "") -> None:
        self.state = state
        self._report(state, message)

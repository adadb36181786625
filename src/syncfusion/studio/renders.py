"""The queue of videos that programs send: each is rendered by a process of its own."""

import asyncio
import contextlib
import json
import secrets
import shutil
import sys
import time
from collections import Counter, deque
from collections.abc import Sequence
from pathlib import Path

from syncfusion.errors import InputError
from syncfusion.studio.render import ENDED, FACTS, RESULT, Render
from syncfusion.studio.worker_process import end_process, resident_bytes

MOST_WAITING = 32
KEPT = 50  # renders that have ended
GLANCE = 0.5  # seconds between two looks at a process


class TooMany(Exception):
    """There are as many renders waiting as the queue takes."""


class Renders:
    """All renders of a server; what a process that was killed had not finished is done again.

    Args:
        home: folder of all their folders.
        models: words of ``syncfusion generate`` that choose the models.
        memory: bytes that one render may hold.
        n_workers: renders at a time.
    """

    def __init__(
        self, home: Path, models: Sequence[str], *, memory: int, n_workers: int = 1
    ) -> None:
        self.home, self._models, self._memory = home, list(models), memory
        self._n_workers = n_workers
        self._all: dict[str, Render] = {}
        self._waiting: deque[Render] = deque()
        self._arrived = asyncio.Condition()
        self._workers: list[asyncio.Task[None]] = []
        self.ended: Counter[str] = Counter()
        self.seconds = 0.0

    @property
    def n_waiting(self) -> int:
        """Renders that have not begun."""
        return len(self._waiting)

    @property
    def n_running(self) -> int:
        """Renders that are being done."""
        return sum(render.state == "running" for render in self._all.values())

    def new_folder(self) -> Path:
        """Return a new folder for a video.

        Returns:
            An empty folder.

        Raises:
            TooMany: if the queue is full.
        """
        if len(self._waiting) >= MOST_WAITING:
            raise TooMany
        folder = self.home / secrets.token_hex(8)
        folder.mkdir(parents=True)
        return folder

    async def submit(self, folder: Path, video: str, options: Sequence[str]) -> Render:
        """Queue a video, and forget the oldest that have ended.

        Args:
            folder: of ``new_folder``.
            video: name of the video's file there.
            options: words of ``syncfusion generate``.

        Returns:
            The render.
        """
        render = Render(folder, video, list(options))
        render.save()
        ended = [each for each in self._all.values() if each.state in ENDED]
        for old in ended[: max(0, len(ended) - KEPT + 1)]:
            self._forget(old)
        await self._queue(render)
        return render

    def find(self, id: str) -> Render | None:
        """Return the render with an id; None where there is none."""
        return self._all.get(id)

    def remove(self, render: Render) -> None:
        """Stop a render, and remove its files."""
        if render in self._waiting:
            self._waiting.remove(render)
        if render.process is not None:
            with contextlib.suppress(ProcessLookupError):
                render.process.kill()
        self._forget(render)

    async def start(self) -> None:
        """Begin, with what an earlier process has left."""
        for facts in sorted(self.home.glob(f"*/{FACTS}"), key=lambda path: path.stat().st_mtime):
            with contextlib.suppress(OSError, ValueError, TypeError):
                render = Render(facts.parent, **json.loads(facts.read_text(encoding="utf-8")))
                if render.state in ENDED:
                    self._all[render.id] = render
                else:
                    render.state = "queued"
                    await self._queue(render)
        self._workers = [asyncio.create_task(self._work()) for _ in range(self._n_workers)]

    async def close(self) -> None:
        """Stop; what is not finished stays queued for the next process."""
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)

    async def _queue(self, render: Render) -> None:
        self._all[render.id] = render
        self._waiting.append(render)
        async with self._arrived:
            self._arrived.notify()

    async def _work(self) -> None:
        while True:
            async with self._arrived:
                await self._arrived.wait_for(lambda: len(self._waiting) > 0)
                render = self._waiting.popleft()
            await self._do(render)

    async def _do(self, render: Render) -> None:
        """Render one video to its end, whatever end that is; the next one has to be done too."""
        render.state, begun = "running", time.monotonic()
        try:
            reason = await self._rendered(render)
        except OSError as error:
            reason = f"its process cannot be started: {error.strerror}"
        if render.id not in self._all:  # it was removed meanwhile
            return
        render.state, render.message = ("failed", reason) if reason else ("done", "")
        render.seconds = time.monotonic() - begun
        self.ended[render.state] += 1
        self.seconds += render.seconds
        with contextlib.suppress(InputError, OSError):  # the disk is full; this server knows it
            render.save()

    async def _rendered(self, render: Render) -> str:
        """Let a process render one video; return why it failed, "" if it did not."""
        pipe, nothing = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        words = ["generate", str(render.folder / render.video), *self._models, *render.options]
        words += ["-o", str(render.folder / f"{RESULT}.mp4"), "--overwrite"]
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "syncfusion", *words, stdout=nothing, stderr=pipe
        )
        render.process = process
        if render.id not in self._all:  # it was removed while the process was started
            process.kill()
        try:
            message = await self._watched(process)
        finally:
            if process.returncode is None:  # the server ends; the next one renders it
                await end_process(process)
        return message if process.returncode else ""

    async def _watched(self, process: asyncio.subprocess.Process) -> str:
        """Wait for the end of a process; return its last line, or what it was ended for."""
        assert process.stderr is not None
        last = asyncio.create_task(_last_line(process.stderr))
        while not last.done():
            await asyncio.wait([last], timeout=GLANCE)
            if resident_bytes(process.pid) > self._memory:
                process.kill()
                await process.wait()
                return f"it took over {self._memory >> 20} MiB of memory; send a shorter video"
        await process.wait()
        return last.result() or f"its process ended with code {process.returncode}"

    def _forget(self, render: Render) -> None:
        self._all.pop(render.id, None)
        shutil.rmtree(render.folder, ignore_errors=True)


async def _last_line(stream: asyncio.StreamReader) -> str:
    """Return the sentence that a command ends with; its bars are passed over."""
    kept = b""
    while block := await stream.read(2**16):
        kept = (kept + block)[-(2**14) :]
    lines = kept.decode(errors="replace").replace("\r", "\n").strip().splitlines()
    return lines[-1].removeprefix("syncfusion: ") if lines else ""

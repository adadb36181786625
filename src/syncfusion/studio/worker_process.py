"""The worker as the web process sees it: started, written to, read from, ended."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from syncfusion.studio.broadcast import Message

LONGEST_LINE = 2**26  # bytes of a message
TIDYING_SECONDS = 5.0  # that a process which is to end may take
PAGE = os.sysconf("SC_PAGE_SIZE")


def worker_command(preset: str, device: str) -> list[str]:
    """Return the command of a worker with the models of a preset."""
    return [sys.executable, "-m", "syncfusion.studio.work", preset, device]


class WorkerProcess:
    """One worker; it ends when its input does, so also when this process is killed.

    Args:
        process: as ``start`` made it.
    """

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, command: Sequence[str]) -> "WorkerProcess":
        """Start a worker by a command."""
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *command, stdin=pipe, stdout=pipe, limit=LONGEST_LINE, start_new_session=True
        )
        return cls(process)

    def send(self, message: Message) -> None:
        """Send one message; one that has ended already gets none."""
        if self._process.stdin is not None and not self._process.stdin.is_closing():
            with contextlib.suppress(OSError):
                self._process.stdin.write(json.dumps(message).encode() + b"\n")

    async def messages(self) -> AsyncIterator[Message]:
        """Yield what the worker sends until it ends."""
        assert self._process.stdout is not None
        with contextlib.suppress(ValueError):  # a line that is too long, or cut off by its end
            async for line in self._process.stdout:
                yield json.loads(line)

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._process.pid

    def memory(self) -> int:
        """Return the bytes of memory that it holds; 0 where that is not known."""
        return resident_bytes(self.pid)

    async def end(self) -> None:
        """Let it tidy up and end; its job is lost."""
        await end_process(self._process)

    def kill(self) -> None:
        """End it at once."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def ending(self) -> str:
        """Wait for its end, and return how it ended."""
        code = await self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()
        return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


async def end_process(process: asyncio.subprocess.Process) -> None:
    """Let a process remove what it has half written; kill it where that takes too long."""
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), TIDYING_SECONDS)
        except TimeoutError:
            process.kill()


def resident_bytes(pid: int | str) -> int:
    """Return the bytes of memory that a process holds; 0 where that is not known.

    Args:
        pid: its number, or "self".

    Returns:
        The resident set in bytes.
    """
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError, ValueError):
        return 0

"""A worker that is to end: its job removes what it has half written."""

import asyncio
import sys

import pytest

from helpers.own_loop import finished
from helpers.studio_client import until
from syncfusion.studio.worker_process import WorkerProcess

HOLDING = """
import sys, time, types
from syncfusion.media import temporary_sibling
from syncfusion.studio.work import loop

def hold(task):
    with temporary_sibling(task.options["path"]) as half:
        half.write_text("half")
        time.sleep(60)

module = types.ModuleType("syncfusion.studio.work.holding")
module.hold = hold
sys.modules[module.__name__] = module
loop.WORK["hold"] = ("holding", "hold")
loop.run_worker(object)
"""


async def held(folder, end):
    """Let a worker hold a file half written, end it by a function, and wait for it."""
    worker = await WorkerProcess.start([sys.executable, "-c", HOLDING])
    worker.send({"id": "a", "kind": "hold", "path": str(folder / "made.txt")})
    await asyncio.to_thread(until, lambda: [p for p in folder.iterdir() if p.read_text() == "half"])
    await end(worker)
    return await worker.ending()


async def server_is_gone(worker):
    worker._process.stdin.close()


@pytest.mark.parametrize("end", [WorkerProcess.end, server_is_gone])
def test_a_worker_that_is_to_end_leaves_nothing_half_written(tmp_path, end):
    ending = finished(held(tmp_path, end), 30)
    assert ending == "exit code 0"
    assert list(tmp_path.iterdir()) == []

"""The loop of the worker: one job after another, cancelled from outside."""

import importlib
import logging
import os
import queue
import signal
import threading
import time
import traceback
from collections.abc import Callable
from types import FrameType
from typing import Any

from syncfusion.errors import ADVICE, InputError, system_sentence
from syncfusion.studio.work.messages import Message, Outbox, received
from syncfusion.studio.work.models import Models
from syncfusion.studio.work.task import Cancelled, Task

TIDYING_SECONDS = 5.0  # that a job may take to end, once nobody waits for it
WORK = {  # kind of job: module and function that does it, imported when it is first needed
    "open": ("opening", "open_video"),
    "proxy": ("opening", "make_proxy"),
    "detect": ("detecting", "detect"),
    "render": ("sounding", "render"),
    "export": ("exporting", "export"),
    "import": ("importing", "import_events"),
    "reference": ("references", "keep_reference"),
    "room": ("rooms", "make_room"),
}


def run_worker(load: Callable[[], Any]) -> None:
    """Do the jobs that arrive until the input ends, or SIGTERM comes.

    Args:
        load: loads the models; called once, in the background.
    """
    signal.signal(signal.SIGTERM, _end)
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    outbox = Outbox()
    models = Models(load, outbox)
    jobs: queue.SimpleQueue[Message] = queue.SimpleQueue()
    cancelled: set[str] = set()
    threading.Thread(target=_receive, args=(jobs, cancelled), daemon=True).start()
    try:
        outbox.send("worker", state="starting", message="")
        while True:
            message = jobs.get()
            _do(Task(message, models, outbox, cancelled.__contains__))
    except Ended:
        os._exit(0)  # the models may still be loading in the background


class Ended(BaseException):
    """The process is to end; on its way out the job removes what it has half written."""


def _end(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a second one would break off the tidying
    raise Ended


def _receive(jobs: "queue.SimpleQueue[Message]", cancelled: set[str]) -> None:
    """Take messages; at their end the process ends, soon, whatever it does."""
    for message in received():
        if "cancel" in message:
            cancelled.add(message["cancel"])
        else:
            jobs.put(message)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(TIDYING_SECONDS)
    os._exit(1)


def _do(task: Task) -> None:
    try:
        module, name = WORK[task.kind]
        function = getattr(importlib.import_module(f"{__package__}.{module}"), name)
        task.check()
        task.send("done", result=function(task))
    except Cancelled:
        task.send("cancelled")
    except InputError as error:
        task.send("failed", message=str(error))
    except Exception as error:
        task.send("failed", message=_sentence(error))


def _sentence(error: Exception) -> str:
    """Return what a page shows of an error that nobody has foreseen; a full disk is no such one."""
    if isinstance(error, OSError) and error.errno in ADVICE:
        return system_sentence(error)
    traceback.print_exception(error)
    kind = type(error).__name__
    return f"an error inside the program ({kind}: {error}); the terminal shows where"
